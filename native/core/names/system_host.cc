#include "core/names/system_host.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <vector>

namespace sockscope {

namespace {

constexpr size_t kMostBytes = size_t{1} << 20;   // no answer of a name server is larger
constexpr size_t kInet4At = 12;                  // where the four bytes stand

HostName FindInet4(const uint8_t* address) {
  for (std::vector<char> buffer(1024); buffer.size() <= kMostBytes; buffer.resize(buffer.size() * 4)) {
    hostent entry;
    hostent* found = nullptr;
    int reason = 0;
    const int error = gethostbyaddr_r(address, 4, AF_INET, &entry, buffer.data(), buffer.size(), &found, &reason);
    if (error == ERANGE) continue;
    if (error == ENOMEM) throw std::bad_alloc();
    if (error != 0 || found == nullptr) return std::nullopt;
    return std::string(found->h_name);
  }
  return std::nullopt;
}

HostName FindInet6(const std::array<uint8_t, 16>& address) {
  sockaddr_in6 socket_address{};
  socket_address.sin6_family = AF_INET6;
  std::memcpy(&socket_address.sin6_addr, address.data(), address.size());
  char name[NI_MAXHOST];
  const int error = getnameinfo(reinterpret_cast<const sockaddr*>(&socket_address), sizeof socket_address, name,
                                sizeof name, nullptr, 0, NI_NAMEREQD);
  if (error == EAI_MEMORY) throw std::bad_alloc();
  if (error != 0) return std::nullopt;
  return std::string(name);
}

}  // namespace

HostName FindSystemHost(const HostAddress& address) {
  return address.family == AF_INET ? FindInet4(address.bytes.data() + kInet4At) : FindInet6(address.bytes);
}

}  // namespace sockscope
