#define _GNU_SOURCE
#include "bound.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "connections.h"

enum { kServerPort = 10000, kClientPort = 30000 };

static void open_unix_pair(unsigned number, unsigned index) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) die("socketpair");
  int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "/run/service/%03u/%05u.sock", number, index);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
  if (bind(ends[0], (const struct sockaddr *)&name, size) < 0) die("bind a name");
}

static int bound_to(const struct sockaddr_in *address) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) die("socket");
  if (bind(fd, (const struct sockaddr *)address, sizeof *address) < 0) die("bind a port");
  return fd;
}

static void open_udp_pair(unsigned number, unsigned index) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(kServerPort + index))};
  server.sin_addr.s_addr = htonl(0x7f010001u + (number / 250) * 256 + number % 250);
  struct sockaddr_in client = server;
  client.sin_port = htons((uint16_t)(kClientPort + index));
  bound_to(&server);
  if (connect(bound_to(&client), (const struct sockaddr *)&server, sizeof server) < 0) die("connect a datagram socket");
}

void open_bound(enum bound_kind kind, unsigned number, unsigned pairs) {
  for (unsigned i = 0; i < pairs; i += 1) {
    if (kind == kUnixSockets) open_unix_pair(number, i);
    else open_udp_pair(number, i);
  }
}
