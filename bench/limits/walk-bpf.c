/*
 * The floor under every search for owners by BPF: an iterator over the descriptors of all processes that writes 16 bytes
 * for each one of a socket, read in one go on one thread. Does nothing with what it reads but count.
 *
 *     walk-bpf PARENT
 *
 * Prints one line:
 *     {"rows":200000,"ms":81.4,"loadMs":6.2,"sockets":200017}
 * `rows` are the descriptors of sockets that children of the process PARENT hold: all that a load holds, and no others.
 * `ms` runs from before the first call, the kernel's types read and the program loaded (`loadMs`), until the last record
 * is in. Exit code 3: not possible here, for the reason on standard error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../clock.h"
#include "bpf.h"
#include "btf.h"
#include "children.h"

enum { kNotHere = 3, kReadBytes = 64 * 1024, kMostProcesses = 1 << 16 };

/* What the program writes. */
struct record {
  uint32_t pid, fd;
  uint64_t inode;
};

/* Descriptors of sockets that stood one after the other and belong to one process. */
static struct {
  uint32_t pid;
  long sockets;
} processes[kMostProcesses];
static long process_count;

static _Noreturn void die(const char *what) {
  int error = errno;
  fprintf(stderr, "walk-bpf: %s: %s\n", what, strerror(error));
  exit(error == EPERM || error == ENOSYS || error == ENOTSUP ? kNotHere : 1);
}

/* The context is struct bpf_iter__task_file: meta, task, fd and file, 8 bytes each; meta begins with the seq_file. */
static int load_program(const struct kernel_types *types) {
  int iterator, helper;
  if (find_type(types, BTF_KIND_FUNC, "bpf_iter_task_file", &iterator) == NULL ||
      find_type(types, BTF_KIND_FUNC, "bpf_sock_from_file", &helper) == NULL) {
    errno = ENOTSUP;
    die("iterator over descriptors (Linux 5.11)");
  }
  int tgid = offset_of_member(types, "task_struct", "tgid"), inode = offset_of_member(types, "file", "f_inode");
  int number = offset_of_member(types, "inode", "i_ino");
  errno = EINVAL;
  if (tgid < 0 || inode < 0 || number < 0) die("members of task_struct, file and inode");
  struct bpf_insn program[] = {
      move(BPF_REG_6, BPF_REG_1),
      load(BPF_DW, BPF_REG_7, BPF_REG_6, 8), unless_null(BPF_REG_7, 2), set(BPF_REG_0, 0), leave(),
      load(BPF_DW, BPF_REG_8, BPF_REG_6, 24), unless_null(BPF_REG_8, 2), set(BPF_REG_0, 0), leave(),
      move(BPF_REG_1, BPF_REG_8), call(BPF_FUNC_sock_from_file),
      unless_null(BPF_REG_0, 2), set(BPF_REG_0, 0), leave(),
      load(BPF_W, BPF_REG_1, BPF_REG_7, tgid), store(BPF_W, BPF_REG_10, -16, BPF_REG_1),
      load(BPF_W, BPF_REG_1, BPF_REG_6, 16), store(BPF_W, BPF_REG_10, -12, BPF_REG_1),
      load(BPF_DW, BPF_REG_1, BPF_REG_8, inode), load(BPF_DW, BPF_REG_1, BPF_REG_1, number),
      store(BPF_DW, BPF_REG_10, -8, BPF_REG_1),
      load(BPF_DW, BPF_REG_1, BPF_REG_6, 0), load(BPF_DW, BPF_REG_1, BPF_REG_1, 0),
      move(BPF_REG_2, BPF_REG_10), add(BPF_REG_2, -(int)sizeof(struct record)), set(BPF_REG_3, sizeof(struct record)),
      call(BPF_FUNC_seq_write), set(BPF_REG_0, 0), leave(),
  };
  union bpf_attr attributes = {0};
  attributes.prog_type = BPF_PROG_TYPE_TRACING;
  attributes.expected_attach_type = BPF_TRACE_ITER;
  attributes.attach_btf_id = (uint32_t)iterator;
  return load_code(attributes, program, sizeof program / sizeof *program);
}

/* A descriptor that gives one reading of the records. */
static int open_iterator(void) {
  struct kernel_types types;
  errno = ENOTSUP;
  if (!read_kernel_types(&types)) {
    errno = ENOTSUP;
    die("/sys/kernel/btf/vmlinux");
  }
  int program = load_program(&types);
  if (program < 0) die("BPF_PROG_LOAD");
  free(types.bytes);
  union bpf_attr attributes = {0};
  attributes.link_create.prog_fd = (uint32_t)program;
  attributes.link_create.attach_type = BPF_TRACE_ITER;
  int link = bpf(BPF_LINK_CREATE, &attributes);
  if (link < 0) die("BPF_LINK_CREATE");
  memset(&attributes, 0, sizeof attributes);
  attributes.iter_create.link_fd = (uint32_t)link;
  int iterator = bpf(BPF_ITER_CREATE, &attributes);
  if (iterator < 0) die("BPF_ITER_CREATE");
  return iterator;
}

static void count(const struct record *record) {
  if (process_count == 0 || processes[process_count - 1].pid != record->pid) {
    errno = EOVERFLOW;
    if (process_count == kMostProcesses) die("processes");
    processes[process_count++].pid = record->pid;
  }
  processes[process_count - 1].sockets += 1;
}

int main(int argc, char **argv) {
  static struct record records[kReadBytes / sizeof(struct record)];
  int parent = argc == 2 ? atoi(argv[1]) : 0;
  if (parent <= 0) {
    fprintf(stderr, "usage: walk-bpf PARENT\n");
    return 2;
  }
  /* Seen under this process's own number, or pids are those of another namespace. */
  if (socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0) die("socket");
  double begun = now_ms();
  int iterator = open_iterator();
  double loaded = now_ms();
  for (ssize_t got; (got = read(iterator, records, sizeof records)) != 0;) {
    if (got < 0 && errno != EAGAIN && errno != EINTR) die("read");
    for (ssize_t i = 0; i < got / (ssize_t)sizeof *records; i += 1) count(&records[i]);
  }
  double ended = now_ms();

  long rows = 0, sockets = 0;
  int own_seen = 0;
  for (long i = 0; i < process_count; i += 1) {
    sockets += processes[i].sockets;
    own_seen |= processes[i].pid == (uint32_t)getpid();
    if (parent_of((int)processes[i].pid) == parent) rows += processes[i].sockets;
  }
  errno = ENOTSUP;
  if (!own_seen) die("pids of another namespace");
  printf("{\"rows\":%ld,\"ms\":%.3f,\"loadMs\":%.3f,\"sockets\":%ld}\n", rows, ended - begun, loaded - begun, sockets);
  return 0;
}
