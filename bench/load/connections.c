#define _GNU_SOURCE
#include "connections.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  /* That of the first process's server; each process has a port of its own, so that a question for one finds its part. */
  kPort = 8443,
  kListenerPort = 2000,
};

static void bring_loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo"};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0) die("look at lo");
  if (!(request.ifr_flags & IFF_UP)) {
    request.ifr_flags |= IFF_UP;
    if (ioctl(fd, SIOCSIFFLAGS, &request) < 0) die("bring lo up (is this a namespace of its own?)");
  }
  close(fd);
}

/* Best effort: without it connections only take longer to make. */
static void widen_port_range(void) {
  int fd = open("/proc/sys/net/ipv4/ip_local_port_range", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  if (write(fd, "10000 65000", 11) < 0) errno = 0;
  close(fd);
}

void prepare_network(void) {
  bring_loopback_up();
  widen_port_range();
}

static struct sockaddr_in address_of(unsigned number) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(kPort + number))};
  server.sin_addr.s_addr = htonl(0x7f010001u + (number / 250) * 256 + number % 250);
  return server;
}

static void reset_on_close(int fd) {
  struct linger linger = {.l_onoff = 1, .l_linger = 0};
  if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) < 0) die("SO_LINGER");
}

/* Accepted sockets inherit the listener's linger, and its leave to share the port with a listener to come. */
static int listen_at(const struct sockaddr_in *server) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  if (listener < 0) die("socket");
  reset_on_close(listener);
  if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0) die("SO_REUSEADDR");
  if (bind(listener, (const struct sockaddr *)server, sizeof *server) < 0) die("bind");
  if (listen(listener, 16) < 0) die("listen");
  return listener;
}

static struct connection connect_once(const struct sockaddr_in *server, int listener) {
  struct connection made = {.client = socket(AF_INET, SOCK_STREAM, 0)};
  if (made.client < 0) die("socket");
  reset_on_close(made.client);
  if (connect(made.client, (const struct sockaddr *)server, sizeof *server) < 0) die("connect");
  made.server = accept(listener, NULL, NULL);
  if (made.server < 0) die("accept");
  return made;
}

void open_listeners(unsigned number, unsigned processes, unsigned count) {
  for (unsigned i = number; i < count; i += processes) {
    struct sockaddr_in server = address_of(number);
    server.sin_port = htons((uint16_t)(kListenerPort + i));
    listen_at(&server);
  }
}

struct connection *open_connections(unsigned number, unsigned count) {
  struct sockaddr_in server = address_of(number);
  struct connection *all = calloc(count, sizeof *all);
  if (all == NULL) die("calloc");
  int listener = listen_at(&server);
  for (unsigned i = 0; i < count; i += 1) all[i] = connect_once(&server, listener);
  close(listener);
  return all;
}

unsigned churn_connections(struct connection *all, unsigned number, unsigned count, unsigned percent, unsigned nth) {
  struct sockaddr_in server = address_of(number);
  unsigned share = (unsigned)((count * (unsigned long)percent + 50) / 100);
  if (share == 0) share = 1;
  int listener = listen_at(&server);
  for (int reopen = 0; reopen <= 1; reopen += 1) {
    for (unsigned i = 0; i < share; i += 1) {
      struct connection *one = &all[(nth + (unsigned long)i * count / share) % count];
      if (reopen) {
        *one = connect_once(&server, listener);
      } else {
        close(one->client);
        close(one->server);
      }
    }
  }
  close(listener);
  return share;
}
