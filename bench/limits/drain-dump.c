/*
 * The floor under every listing by netlink: asks for all TCP sockets, drains the dump, and does nothing with it.
 *
 *     drain-dump [PORT]
 *
 * With PORT the kernel leaves out those with another local port: what it takes to pass them over.
 *
 * One legacy request walks IPv4 and IPv6 together; receives are 32 KiB and more, which is all a larger buffer can bring;
 * of each message only the header is read, to count rows and find the end. No attribute is asked for. Prints one line:
 *     {"rows":200000,"ms":139.1,"bytes":24800000}
 * `ms` runs from before the socket is made until the last message is in: neither the process's start nor its end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../clock.h"

enum { kReceiveBytes = 64 * 1024, kAllStates = 0xfff };

static struct {
  struct nlmsghdr header;
  struct inet_diag_req request;
} question = {
    .header = {.nlmsg_len = sizeof question, .nlmsg_type = TCPDIAG_GETSOCK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
    .request = {.idiag_family = AF_INET, .idiag_states = kAllStates},
};

/* "The local port is", Linux 4.16: the port stands behind it. Past the end is a pass, four bytes beyond it is none. */
static struct {
  struct nlattr header;
  struct inet_diag_bc_op is_port, port;
} filter = {
    .header = {.nla_len = sizeof filter, .nla_type = INET_DIAG_REQ_BYTECODE},
    .is_port = {.code = INET_DIAG_BC_S_EQ, .yes = 2 * sizeof filter.port, .no = 3 * sizeof filter.port},
};

static char buffer[kReceiveBytes] __attribute__((aligned(NLMSG_ALIGNTO)));

static int fail(const char *what, int error) {
  fprintf(stderr, "drain-dump: %s: %s\n", what, strerror(error));
  return 1;
}

static ssize_t ask(int fd, int filtered) {
  struct iovec parts[] = {{&question, sizeof question}, {&filter, sizeof filter}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = filtered ? 2 : 1};
  if (filtered) question.header.nlmsg_len += sizeof filter;
  return sendmsg(fd, &message, 0);
}

int main(int argc, char **argv) {
  if (argc > 1) filter.port.no = (unsigned short)strtoul(argv[1], NULL, 10);
  double begun = now_ms();
  long rows = 0, bytes = 0;
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) return fail("socket", errno);
  if (ask(fd, argc > 1) < 0) return fail("send", errno);
  for (int done = 0; !done;) {
    ssize_t got = recv(fd, buffer, sizeof buffer, MSG_TRUNC);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail("recv", errno);
    if (got > (ssize_t)sizeof buffer) return fail("recv", EMSGSIZE);
    bytes += got;
    int left = (int)got;
    for (struct nlmsghdr *m = (struct nlmsghdr *)buffer; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
      if (m->nlmsg_type == NLMSG_ERROR) return fail("dump", -((struct nlmsgerr *)NLMSG_DATA(m))->error);
      if (m->nlmsg_type == NLMSG_DONE) {
        int error = *(int *)NLMSG_DATA(m);
        if (error < 0) return fail("dump", -error);
        done = 1;
        break;
      }
      rows += 1;
    }
  }
  double ended = now_ms();
  printf("{\"rows\":%ld,\"ms\":%.3f,\"bytes\":%ld}\n", rows, ended - begun, bytes);
  return 0;
}
