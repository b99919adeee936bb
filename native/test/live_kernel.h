#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <string>

#include "core/netlink/kernel_transport.h"
#include "test/check.h"

// The kernel of this machine, and sockets of our own to ask it about.
namespace sockscope::test {

// Skips the test where netlink is not to be had.
inline std::unique_ptr<KernelTransport> OpenTransport() {
  Status status;
  auto transport = KernelTransport::Open(&status);
  if (!transport) throw Skip(std::string(status.operation()) + ": " + std::strerror(status.error_number()));
  return transport;
}

struct Opened {
  UniqueFd fd;
  uint16_t port;   // 0 for unix
};

// On a free port of any address; a stream socket listens with backlog 7.
inline Opened OpenInet(int family, int type) {
  Opened opened{UniqueFd(socket(family, type, 0)), 0};
  sockaddr_in6 address{};
  socklen_t length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  address.sin6_family = static_cast<sa_family_t>(family);
  const auto generic = reinterpret_cast<sockaddr*>(&address);
  if (!opened.fd.valid() || bind(opened.fd.get(), generic, length) != 0) throw Skip("no socket of this family");
  if (type == SOCK_STREAM) CHECK_EQ(listen(opened.fd.get(), 7), 0);
  CHECK_EQ(getsockname(opened.fd.get(), generic, &length), 0);
  opened.port = ntohs(address.sin6_port);   // at the same place in both families
  return opened;
}

}  // namespace sockscope::test
