#pragma once

#include "core/names/host_address.h"

namespace sockscope {

// A host's name as the C library finds it, in netstat's way: gethostbyaddr_r(3) for IPv4, the canonical name;
// getnameinfo(3) for IPv6. May wait for the network, as long as the resolver's configuration says; a name server that
// does not answer then counts as one that knows no name. Throws std::bad_alloc.
HostName FindSystemHost(const HostAddress& address);

}  // namespace sockscope
