/*
 * Holds N established TCP sockets (N / 2 connections over loopback) so that programs which list sockets can be timed.
 *
 *     unshare -Urn hold-sockets SOCKETS SECONDS [PROCESSES [LISTENERS]]
 *     unshare -Urn hold-sockets SOCKETS SECONDS PROCESSES unix|udp
 *
 * Wants a network namespace of its own: it brings `lo` up and widens the port range there. Both ends of a connection
 * live in one child process. The connections are shared out evenly over PROCESSES children, or over as few as the limit
 * of descriptors allows (PROCESSES 0 as well). LISTENERS more sockets listen. With a word in their place the sockets are
 * of that kind, and no connections: load/bound.h. Prints one line when all sockets are there,
 *     ready sockets=200000 processes=11 ms=1234
 * and ends at the end of its standard input, after SECONDS, or when its parent dies. On its standard input it takes lines
 *     churn PERCENT
 * upon which every child closes that share of its connections, spread over all of them, others each time, and opens as
 * many new ones. When all have, which may take two minutes at the most, one line is printed:
 *     churned sockets=5000 ms=45
 * Every socket is closed by a reset: no TIME_WAIT stays behind. The servers of the connections are closed before a line is
 * printed: the table holds N and LISTENERS rows exactly. No child has any other socket, its standard streams included.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../clock.h"
#include "bound.h"
#include "connections.h"

enum {
  kSpareDescriptors = 64,
  kMostProcesses = 4000,
  kLongestWorkMs = 120 * 1000,
};

/* What a child says when it has done its work, or why it could not. Below PIPE_BUF: written in one piece. */
struct answer {
  unsigned connections;
  int error;
  char what[32];
};

struct child {
  pid_t pid;
  /* A byte written here is the percentage to churn. */
  int commands;
};

/* What is held; `listeners` beside connections alone. */
static struct {
  unsigned sockets, processes, listeners;
  int is_bound;
  enum bound_kind kind;
} wanted;

static struct child children[kMostProcesses];
static unsigned child_count;
/* Answers of all children; a child has the writing end, and the parent both. */
static int answers[2] = {-1, -1};
static int is_child;

static int complain(const char *what, int error) {
  fprintf(stderr, "hold-sockets: %s: %s\n", what, strerror(error));
  return 0;
}

static _Noreturn void end(int code) {
  for (unsigned i = 0; i < child_count; i += 1) kill(children[i].pid, SIGKILL);
  while (wait(NULL) > 0) {}
  exit(code);
}

_Noreturn void die(const char *what) {
  struct answer failure = {.error = errno};
  if (!is_child) {
    complain(what, errno);
    end(1);
  }
  strncpy(failure.what, what, sizeof failure.what - 1);
  _exit(write(answers[1], &failure, sizeof failure) < 0 ? 2 : 1);
}

static unsigned connections_a_child(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) die("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) < 0) die("setrlimit");
  errno = EMFILE;
  if (limit.rlim_max < 2 * (kSpareDescriptors + wanted.listeners)) die("limit of descriptors");
  rlim_t fit = (limit.rlim_max - kSpareDescriptors - wanted.listeners) / 2;
  return fit < kMostConnections ? (unsigned)fit : kMostConnections;
}

static _Noreturn void run_child(unsigned number, unsigned count, pid_t parent, int commands) {
  is_child = 1;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  for (unsigned i = 0; i < number; i += 1) close(children[i].commands);
  close(answers[0]);
  int nothing = open("/dev/null", O_RDWR);
  for (int fd = 0; fd <= 2; fd += 1)
    if (dup2(nothing, fd) < 0) die("/dev/null");
  close(nothing);

  struct connection *all = NULL;
  if (wanted.is_bound) open_bound(wanted.kind, number, count);
  else all = open_connections(number, count);
  open_listeners(number, wanted.processes, wanted.listeners);
  struct answer done = {.connections = count};
  for (unsigned nth = 0;; nth += 1) {
    unsigned char percent;
    if (write(answers[1], &done, sizeof done) < 0 || read(commands, &percent, 1) != 1) _exit(1);
    done.connections = churn_connections(all, number, count, percent, nth);
  }
}

static void start_children(void) {
  pid_t self = getpid();
  unsigned connections = wanted.sockets / 2, processes = wanted.processes;
  if (pipe(answers) < 0) die("pipe");
  for (unsigned i = 0; i < processes; i += 1) {
    unsigned share = connections / (processes - i);
    connections -= share;
    int commands[2];
    if (pipe(commands) < 0) die("pipe");
    pid_t pid = fork();
    if (pid < 0) die("fork");
    if (pid == 0) {
      close(commands[1]);
      run_child(i, share, self, commands[0]);
    }
    close(commands[0]);
    children[i] = (struct child){.pid = pid, .commands = commands[1]};
    child_count = i + 1;
  }
}

/* Waits until every child has answered. Returns their connections; 0, with words on standard error, when one failed. */
static unsigned collect_answers(void) {
  unsigned connections = 0;
  double latest = now_ms() + kLongestWorkMs;
  for (unsigned answered = 0; answered < child_count;) {
    struct pollfd waiting = {.fd = answers[0], .events = POLLIN};
    struct answer answer;
    if (poll(&waiting, 1, 200) == 1) {
      if (read(answers[0], &answer, sizeof answer) != sizeof answer) return complain("read an answer", EPROTO);
      if (answer.error != 0) return complain(answer.what, answer.error);
      connections += answer.connections;
      answered += 1;
    } else if (waitpid(-1, NULL, WNOHANG) > 0) {
      return complain("a process of the load", ESRCH);
    } else if (now_ms() > latest) {
      return complain("a process of the load", ETIMEDOUT);
    }
  }
  return connections;
}

/* Has all children do as the line says. Returns 0, with words on standard error, when that has failed. */
static int obey(const char *line) {
  double begun = now_ms();
  unsigned percent;
  if (wanted.is_bound || sscanf(line, "churn %u", &percent) != 1 || percent < 1 || percent > 100)
    return complain(line, EINVAL);
  unsigned char byte = (unsigned char)percent;
  for (unsigned i = 0; i < child_count; i += 1)
    if (write(children[i].commands, &byte, 1) != 1) return complain("write a command", errno);
  unsigned connections = collect_answers();
  if (connections == 0) return 0;
  printf("churned sockets=%u ms=%.0f\n", 2 * connections, now_ms() - begun);
  fflush(stdout);
  return 1;
}

/* Returns 1 when standard input has ended, or after `seconds`; 0 on a failure. */
static int serve(unsigned seconds) {
  double latest = now_ms() + seconds * 1e3;
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  char line[64];
  for (size_t length = 0;;) {
    double left = latest - now_ms();
    if (left <= 0 || poll(&input, 1, (int)left) == 0) return 1;
    if (input.revents == 0) continue;
    if (read(STDIN_FILENO, &line[length], 1) <= 0) return 1;
    if (line[length] != '\n' && length < sizeof line - 1) {
      length += 1;
      continue;
    }
    line[length] = '\0';
    length = 0;
    if (!obey(line)) return 0;
  }
}

/* What is held beside or in the place of connections. Returns 0 when the arguments make no sense. */
static int read_kind(int argc, char **argv) {
  const char *last = argc == 5 ? argv[4] : "0";
  wanted.is_bound = strcmp(last, "unix") == 0 || strcmp(last, "udp") == 0;
  wanted.kind = strcmp(last, "udp") == 0 ? kUdpSockets : kUnixSockets;
  if (!wanted.is_bound) wanted.listeners = (unsigned)strtoul(last, NULL, 10);
  return argc >= 3 && argc <= 5 && wanted.listeners <= kMostListeners;
}

int main(int argc, char **argv) {
  int is_sensible = read_kind(argc, argv);
  unsigned sockets = wanted.sockets = argc > 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
  unsigned seconds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
  unsigned most = connections_a_child(), least = (sockets / 2 + most - 1) / most;
  wanted.processes = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
  if (wanted.processes == 0) wanted.processes = least;
  if (!is_sensible || sockets < 2 || sockets % 2 != 0 || seconds == 0 || seconds > 86400 || wanted.processes < least ||
      wanted.processes > sockets / 2 || wanted.processes > kMostProcesses) {
    fprintf(stderr, "usage: hold-sockets SOCKETS(even) SECONDS [PROCESSES(%u to %u here) [LISTENERS|unix|udp]]\n", least,
            sockets / 2 < kMostProcesses ? sockets / 2 : kMostProcesses);
    return 2;
  }
  double begun = now_ms();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* What it has inherited: a socket among it would be every child's. Linux 5.9; without it the rows tell. */
  syscall(SYS_close_range, 3u, ~0u, 0u);
  signal(SIGTERM, SIG_DFL);
  signal(SIGPIPE, SIG_IGN);
  prepare_network();
  start_children();
  if (collect_answers() == 0) end(1);
  printf("ready sockets=%u processes=%u ms=%.0f\n", sockets, wanted.processes, now_ms() - begun);
  fflush(stdout);
  end(serve(seconds) ? 0 : 1);
}
