/*
 * Runs one program in the namespaces of another process and tells what it cost.
 *
 *     run-inside PID PROGRAM [ARGUMENT...] 3>figures
 *
 * Joins the network namespace of PID, then starts PROGRAM and waits for it. Who may not do that alone joins the user
 * namespace as well, where no BPF program can be loaded. What is measured is the program alone, from before its process
 * is made until it is gone: not this program's start, not the joining. Writes one line to descriptor 3:
 *     wall_ns user_us system_us max_rss_kib
 * and exits as PROGRAM did (128 + signal when a signal ended it). When its own parent dies, PROGRAM and what that has
 * started are killed: all of them are a process group of their own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static _Noreturn void die(const char *what, int error) {
  fprintf(stderr, "run-inside: %s: %s\n", what, strerror(error));
  exit(126);
}

static void join_namespaces(pid_t pid) {
  int process = (int)syscall(SYS_pidfd_open, pid, 0);
  if (process < 0) die("pidfd_open", errno);
  if (setns(process, CLONE_NEWNET) < 0 && setns(process, CLONE_NEWUSER | CLONE_NEWNET) < 0) die("setns", errno);
  close(process);
}

static void kill_group(int signal) {
  (void)signal;
  kill(0, SIGKILL);
}

/* To be called when credentials change no more: that would undo it. */
static void die_with_parent(pid_t parent) {
  if (setpgid(0, 0) < 0) die("setpgid", errno);
  struct sigaction action = {.sa_handler = kill_group};
  if (sigaction(SIGTERM, &action, NULL) < 0) die("sigaction", errno);
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0) die("prctl", errno);
  if (getppid() != parent) _exit(126);
}

static long long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long micros(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: run-inside PID PROGRAM [ARGUMENT...] 3>figures\n");
    return 126;
  }
  pid_t parent = getppid();
  if (fcntl(3, F_SETFD, FD_CLOEXEC) < 0) die("descriptor 3", errno);
  join_namespaces((pid_t)strtol(argv[1], NULL, 10));
  die_with_parent(parent);

  struct rusage usage;
  int status;
  pid_t child;
  long long begun = now_ns();
  int error = posix_spawnp(&child, argv[2], NULL, NULL, argv + 2, environ);
  if (error != 0) die(argv[2], error);
  while (wait4(child, &status, 0, &usage) < 0)
    if (errno != EINTR) die("wait4", errno);
  long long wall = now_ns() - begun;

  dprintf(3, "%lld %lld %lld %ld\n", wall, micros(usage.ru_utime), micros(usage.ru_stime), usage.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
