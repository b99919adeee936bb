/*
 * Sends requests to an echo server at a fixed rate, whatever becomes of the answers, and tells how long each took.
 *
 *     echo-client PORT CONNECTIONS RATE SECONDS > latencies
 *
 * The requests go round over the connections. The time of a request begins when it was due, not when it was sent: what
 * waits because the server, or this program, did not run counts in full. It asks for a real-time priority, as if it ran
 * on another machine, and does without where that is refused.
 *
 * Writes one line once all connections are there,
 *     ready first=1                      (0: no priority over the others)
 * begins at a line on its standard input, and ends at the end of it or after SECONDS. Then it writes 64-bit numbers of the
 * host's order: CLOCK_MONOTONIC when the first request was due, ns between requests, their number N; and N 32-bit
 * numbers, ns each took, 4294967295 where no answer came within a second of the end. Connections are closed by a reset.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { kEvents = 64, kRequestBytes = 64, kMostConnections = 10000 };

static const uint64_t kSecond = 1000000000;

/* The bytes of one connection's unfinished answer. */
struct link {
  int fd;
  unsigned length;
  unsigned char bytes[kRequestBytes];
};

static struct link links[kMostConnections];
static unsigned link_count;
static uint64_t begun, period, sent, answered, most;
static uint32_t *latencies;

static _Noreturn void die(const char *what) {
  fprintf(stderr, "echo-client: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * kSecond + (uint64_t)t.tv_nsec;
}

static int go_first(void) {
  const struct sched_param lowest = {.sched_priority = 1};
  return sched_setscheduler(0, SCHED_FIFO, &lowest) == 0;
}

static void watch(int epoll, int fd, uint32_t tag) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = tag};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static int connect_to(uint16_t port) {
  const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  if (fd < 0) die("socket");
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
  return fd;
}

/* All requests that are due by now; they say their number. */
static void send_due(void) {
  uint64_t due = (now_ns() - begun) / period + 1;
  for (; sent < due && sent < most; sent += 1) {
    unsigned char request[kRequestBytes] = {0};
    memcpy(request, &sent, sizeof sent);
    if (send(links[sent % link_count].fd, request, sizeof request, MSG_NOSIGNAL) != kRequestBytes) die("send");
  }
}

static void take_answer(const struct link *link, uint64_t now) {
  uint64_t number;
  memcpy(&number, link->bytes, sizeof number);
  if (number >= sent) {
    errno = EBADMSG;
    die("answer");
  }
  uint64_t took = now - (begun + number * period);
  latencies[number] = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX - 1;
  answered += 1;
}

static void take_answers(struct link *link) {
  for (;;) {
    ssize_t got = recv(link->fd, link->bytes + link->length, kRequestBytes - link->length, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) die("recv");
    link->length += (unsigned)got;
    if (link->length < kRequestBytes) continue;
    take_answer(link, now_ns());
    link->length = 0;
  }
}

static struct timespec timespec_of(uint64_t ns) {
  return (struct timespec){.tv_sec = (time_t)(ns / kSecond), .tv_nsec = (long)(ns % kSecond)};
}

/* Readable each time that a request is due, from `begun` on. */
static int ticking(void) {
  const struct itimerspec every = {.it_interval = timespec_of(period), .it_value = timespec_of(begun)};
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  if (timer < 0 || timerfd_settime(timer, TFD_TIMER_ABSTIME, &every, NULL) < 0) die("timerfd");
  return timer;
}

/* Until the end of the standard input, or all is sent; then until all is answered, for a second at the most. */
static void run(int epoll) {
  enum { kTimer = kMostConnections, kInput };
  begun = now_ns() + period;
  int timer = ticking();
  uint64_t last = UINT64_MAX;
  watch(epoll, timer, kTimer);
  watch(epoll, STDIN_FILENO, kInput);
  while (now_ns() < last && !(last != UINT64_MAX && answered == sent)) {
    struct epoll_event events[kEvents];
    int ready = epoll_wait(epoll, events, kEvents, 100);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < ready; i += 1) {
      uint32_t tag = events[i].data.u32;
      uint64_t ticks;
      if (tag < kMostConnections) take_answers(&links[tag]);
      else if (tag == kInput) most = sent;
      else if (read(timer, &ticks, sizeof ticks) > 0) send_due();
    }
    if (sent == most && last == UINT64_MAX) {
      last = now_ns() + kSecond;
      epoll_ctl(epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
    }
  }
}

static void tell(void) {
  const uint64_t head[] = {begun, period, sent};
  fwrite(head, sizeof head, 1, stdout);
  fwrite(latencies, sizeof *latencies, sent, stdout);
  if (fflush(stdout) != 0) die("write");
}

int main(int argc, char **argv) {
  const unsigned long rate = argc == 5 ? strtoul(argv[3], NULL, 10) : 0;
  link_count = argc == 5 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
  if (rate < 2 || rate > 1000000 || link_count == 0 || link_count > kMostConnections) {
    fprintf(stderr, "usage: echo-client PORT CONNECTIONS RATE SECONDS > latencies\n");
    return 2;
  }
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) die("prctl");
  period = kSecond / rate;
  most = rate * strtoul(argv[4], NULL, 10);
  latencies = malloc((most + 1) * sizeof *latencies);
  if (latencies == NULL) die("malloc");
  memset(latencies, 0xff, (most + 1) * sizeof *latencies);

  int epoll = epoll_create1(EPOLL_CLOEXEC);
  for (unsigned i = 0; i < link_count; i += 1) {
    links[i].fd = connect_to((uint16_t)strtoul(argv[1], NULL, 10));
    watch(epoll, links[i].fd, i);
  }
  int first = go_first();
  printf("ready first=%d\n", first);
  fflush(stdout);
  char line[64];
  if (fgets(line, sizeof line, stdin) == NULL) return 1;
  run(epoll);
  tell();
  return 0;
}
