#pragma once

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <utility>
#include <vector>

#include "core/unique_fd.h"
#include "test/check.h"
#include "test/live_kernel.h"

// TCP sockets over loopback, for a network namespace of the test's own.
namespace sockscope::test {

// Of the network namespace that the calling thread is in.
inline void LoopbackUp() {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  CHECK_EQ(ioctl(fd.get(), SIOCGIFFLAGS, &request), 0);
  request.ifr_flags |= IFF_UP;
  CHECK_EQ(ioctl(fd.get(), SIOCSIFFLAGS, &request), 0);
}

struct Pair {
  UniqueFd client, server;
};

// Accepted where asked for; else it waits in the listener's queue.
inline Pair Connect(const Opened& listener, int family, bool accepted) {
  Pair pair{UniqueFd(socket(family, SOCK_STREAM, 0)), UniqueFd()};
  sockaddr_in6 address{};
  address.sin6_family = static_cast<sa_family_t>(family);
  address.sin6_port = htons(listener.port);
  if (family == AF_INET6) address.sin6_addr = in6addr_loopback;
  else reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const socklen_t length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  CHECK_EQ(connect(pair.client.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  if (accepted) pair.server = UniqueFd(accept(listener.fd.get(), nullptr, nullptr));
  return pair;
}

// Listeners of both families with connections that wait, ends with bytes unread, one that is half closed, one in
// TIME_WAIT, one in FIN_WAIT2; a mapped address.
struct Scenery {
  Opened four = OpenInet(AF_INET, SOCK_STREAM), six = OpenInet(AF_INET6, SOCK_STREAM);
  std::vector<Pair> pairs;

  Scenery() {
    for (int i = 0; i < 40; ++i) pairs.push_back(Connect(i % 2 == 0 ? four : six, i % 2 == 0 ? AF_INET : AF_INET6, true));
    pairs.push_back(Connect(six, AF_INET, true));
    pairs.push_back(Connect(four, AF_INET, false));
    CHECK_EQ(write(pairs[0].client.get(), "12345", 5), 5);
    CHECK_EQ(write(pairs[1].client.get(), "123", 3), 3);
    CHECK_EQ(shutdown(pairs[2].client.get(), SHUT_WR), 0);
    pairs[4].client = UniqueFd();
    pairs[4].server = UniqueFd();
    pairs[5].client = UniqueFd();
    pairs[5].server = UniqueFd();
  }
};

// Listeners at one port: they share a bucket.
inline std::vector<Opened> ListenTogether(int count) {
  std::vector<Opened> listeners;
  for (int i = 0; i < count; ++i) {
    Opened opened{UniqueFd(socket(AF_INET6, SOCK_STREAM, 0)), 0};
    const int on = 1;
    CHECK_EQ(setsockopt(opened.fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)), 0);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(4711);
    CHECK_EQ(bind(opened.fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    CHECK_EQ(listen(opened.fd.get(), i), 0);
    listeners.push_back(std::move(opened));
  }
  return listeners;
}

}  // namespace sockscope::test
