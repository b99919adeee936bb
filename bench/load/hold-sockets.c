/*
 * Holds N established TCP sockets (N / 2 connections over loopback) so that programs which list sockets can be timed.
 *
 *     unshare -Urn hold-sockets SOCKETS SECONDS
 *
 * Wants a network namespace of its own: it brings `lo` up and widens the port range there. Both ends of a connection
 * live in one child process, and a child stays below its descriptor limit. Prints one line when all sockets are there,
 *     ready sockets=200000 processes=11 ms=1234
 * and ends at the end of its standard input, after SECONDS, or when its parent dies. Every socket is closed by a reset
 * (SO_LINGER 0): no TIME_WAIT stays behind. The listeners are closed before `ready`: the table holds N rows exactly.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  kSpareDescriptors = 64,
  /* Connections of one pair of addresses: well below the ports there are, so that finding a free one stays quick. */
  kMostConnections = 16000,
  kPort = 8443,
};

static void die(const char *what) {
  fprintf(stderr, "hold-sockets: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

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

static void reset_on_close(int fd) {
  struct linger linger = {.l_onoff = 1, .l_linger = 0};
  if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) < 0) die("SO_LINGER");
}

/* Accepted sockets inherit the listener's linger. */
static void connect_pairs(unsigned child, unsigned connections) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(kPort)};
  server.sin_addr.s_addr = htonl(0x7f010001u + (child / 250) * 256 + child % 250);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0) die("socket");
  reset_on_close(listener);
  if (bind(listener, (struct sockaddr *)&server, sizeof server) < 0) die("bind");
  if (listen(listener, 16) < 0) die("listen");
  for (unsigned i = 0; i < connections; i += 1) {
    int client = socket(AF_INET, SOCK_STREAM, 0);
    if (client < 0) die("socket");
    reset_on_close(client);
    if (connect(client, (struct sockaddr *)&server, sizeof server) < 0) die("connect");
    if (accept(listener, NULL, NULL) < 0) die("accept");
  }
  close(listener);
}

static _Noreturn void run_child(unsigned child, unsigned connections, pid_t parent, int ready) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  connect_pairs(child, connections);
  if (write(ready, "+", 1) != 1) _exit(1);
  close(ready);
  for (;;) pause();
}

static unsigned connections_a_child(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) die("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) < 0) die("setrlimit");
  rlim_t fit = (limit.rlim_max - kSpareDescriptors) / 2;
  return fit < kMostConnections ? (unsigned)fit : kMostConnections;
}

/* Returns when standard input ends, or after `seconds`. */
static void wait_for_the_end(unsigned seconds) {
  double end = now_ms() + seconds * 1e3;
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  for (;;) {
    double left = end - now_ms();
    if (left <= 0 || poll(&input, 1, (int)left) == 0) return;
    char bytes[256];
    if (input.revents != 0 && read(STDIN_FILENO, bytes, sizeof bytes) <= 0) return;
  }
}

int main(int argc, char **argv) {
  unsigned sockets = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
  unsigned seconds = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
  if (sockets < 2 || sockets % 2 != 0 || seconds == 0 || seconds > 86400) {
    fprintf(stderr, "usage: hold-sockets SOCKETS(even) SECONDS\n");
    return 2;
  }
  double begun = now_ms();
  bring_loopback_up();
  widen_port_range();

  unsigned most = connections_a_child(), children = (sockets / 2 + most - 1) / most, left = sockets / 2;
  pid_t *pids = calloc(children, sizeof *pids), self = getpid();
  int ready[2];
  if (pids == NULL || pipe(ready) < 0) die("prepare");
  signal(SIGTERM, SIG_DFL);
  int failed = 0;
  for (unsigned i = 0; i < children; i += 1) {
    unsigned share = left / (children - i);
    left -= share;
    pids[i] = fork();
    if (pids[i] < 0) die("fork");
    if (pids[i] == 0) {
      close(ready[0]);
      run_child(i, share, self, ready[1]);
    }
  }
  close(ready[1]);
  for (unsigned i = 0; i < children && !failed; i += 1) {
    char byte;
    failed = read(ready[0], &byte, 1) != 1;
  }
  /* A child closes its end when it is done or has failed (it then says why): one byte short means a failure. */
  if (!failed) {
    printf("ready sockets=%u processes=%u ms=%.0f\n", sockets, children, now_ms() - begun);
    fflush(stdout);
    wait_for_the_end(seconds);
  }
  for (unsigned i = 0; i < children; i += 1) kill(pids[i], SIGKILL);
  while (wait(NULL) > 0) {}
  return failed;
}
