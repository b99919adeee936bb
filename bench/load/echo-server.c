/*
 * Sends back what it is sent, from one thread: the neighbour of whoever lists sockets.
 *
 *     echo-server
 *
 * Listens on a port of 127.0.0.1 that the kernel chooses, prints `port NUMBER`, and ends at the end of its standard
 * input or when its parent dies.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { kEvents = 64, kBacklog = 4096 };

static _Noreturn void die(const char *what) {
  fprintf(stderr, "echo-server: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static int listen_anywhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) die("socket");
  if (bind(fd, (struct sockaddr *)&address, length) < 0) die("bind");
  if (listen(fd, kBacklog) < 0) die("listen");
  if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) die("getsockname");
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void accept_one(int epoll, int listener) {
  int fd = accept(listener, NULL, NULL), yes = 1;
  if (fd < 0) die("accept");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  watch(epoll, fd);
}

static void echo(int fd) {
  char bytes[4096];
  ssize_t length = read(fd, bytes, sizeof bytes);
  if (length <= 0 || send(fd, bytes, (size_t)length, MSG_NOSIGNAL) < 0) close(fd);
}

int main(void) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) die("prctl");
  int epoll = epoll_create1(EPOLL_CLOEXEC), listener = listen_anywhere();
  watch(epoll, listener);
  watch(epoll, STDIN_FILENO);
  for (;;) {
    struct epoll_event events[kEvents];
    int ready = epoll_wait(epoll, events, kEvents, -1);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < ready; i += 1) {
      int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) return 0;
      if (fd == listener) accept_one(epoll, listener);
      else echo(fd);
    }
  }
}
