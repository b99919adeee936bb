/*
 * The floor under a listing of all TCP sockets by the kernel's own BPF iterator over them: what `netstat -tan` shows of
 * each, in the order of /proc/net/tcp, and nothing done with it but count.
 *
 *     walk-tcp-bpf [print]
 *
 * Prints one line, and before it with `print` the sockets as /proc/net/tcp and tcp6 have them:
 *     {"rows":200000,"ms":120.4,"loadMs":6.2,"bytes":4800000}
 * `ms` runs from before the first call, the kernel's types read and the program loaded (`loadMs`), until the last record
 * is in. Exit code 3: not possible here, for the reason on standard error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../clock.h"
#include "bpf.h"
#include "btf.h"
#include "tcp-record.h"

enum { kNotHere = 3, kReadBytes = 64 * 1024, kRecord = -kIpv6Bytes };

static _Noreturn void die(const char *what) {
  int error = errno;
  fprintf(stderr, "walk-tcp-bpf: %s: %s\n", what, strerror(error));
  exit(error == EPERM || error == ENOSYS || error == ENOTSUP ? kNotHere : 1);
}

static struct bpf_insn code[128];
static int length;
static int emit(struct bpf_insn instruction) {
  code[length] = instruction;
  return length++;
}
static void land(int jump) { code[jump].off = (short)(length - jump - 1); }

static int offset(const struct kernel_types *types, const char *structure, const char *path) {
  int found = offset_of_path(types, structure, path);
  if (found < 0) {
    errno = ENOTSUP;
    die(path);
  }
  return found;
}

enum { kSocket = BPF_REG_7, kSequence = BPF_REG_8 };

static void copy(int size, const struct kernel_types *types, const char *path, int field) {
  emit(load(size, BPF_REG_1, kSocket, offset(types, "sock_common", path)));
  emit(store(size, BPF_REG_10, kRecord + field, BPF_REG_1));
}

static void write_record(int bytes) {
  emit(move(BPF_REG_1, kSequence));
  emit(move(BPF_REG_2, BPF_REG_10));
  emit(add(BPF_REG_2, kRecord));
  emit(set(BPF_REG_3, bytes));
  emit(call(BPF_FUNC_seq_write));
  emit(set(BPF_REG_0, 0));
  emit(leave());
}

/* Queues into the record; those of sockets that are none of the kind `tcp_sock` stay 0. */
static void emit_queues(const struct kernel_types *types) {
  emit(store_value(BPF_DW, BPF_REG_10, kRecord + 8, 0));
  emit(load(BPF_B, BPF_REG_9, kSocket, offset(types, "sock_common", "skc_state")));
  emit(move(BPF_REG_1, kSocket));
  emit(call(BPF_FUNC_skc_to_tcp_sock));
  int none = emit(jump_if(BPF_JEQ, BPF_REG_0, 0, 0));
  int listener = emit(jump_if(BPF_JEQ, BPF_REG_9, kListen, 0));
  emit(load(BPF_W, BPF_REG_1, BPF_REG_0, offset(types, "tcp_sock", "rcv_nxt")));
  emit(load(BPF_W, BPF_REG_2, BPF_REG_0, offset(types, "tcp_sock", "copied_seq")));
  emit(subtract32(BPF_REG_1, BPF_REG_2));
  emit(store(BPF_W, BPF_REG_10, kRecord + 8, BPF_REG_1));
  emit(load(BPF_W, BPF_REG_1, BPF_REG_0, offset(types, "tcp_sock", "write_seq")));
  emit(load(BPF_W, BPF_REG_2, BPF_REG_0, offset(types, "tcp_sock", "snd_una")));
  emit(subtract32(BPF_REG_1, BPF_REG_2));
  emit(store(BPF_W, BPF_REG_10, kRecord + 12, BPF_REG_1));
  int done = emit(jump(0));
  land(listener);
  emit(load(BPF_W, BPF_REG_1, BPF_REG_0, offset(types, "sock", "sk_ack_backlog")));
  emit(store(BPF_W, BPF_REG_10, kRecord + 8, BPF_REG_1));
  land(none);
  land(done);
}

/* The context is struct bpf_iter__tcp: meta and sk_common, 8 bytes each; meta begins with the seq_file. */
static int load_program(const struct kernel_types *types) {
  int iterator;
  if (find_type(types, BTF_KIND_FUNC, "bpf_iter_tcp", &iterator) == NULL) {
    errno = ENOTSUP;
    die("iterator over TCP sockets (Linux 5.9)");
  }
  emit(move(BPF_REG_6, BPF_REG_1));
  emit(load(BPF_DW, kSocket, BPF_REG_6, 8));
  emit(unless_null(kSocket, 2));
  emit(set(BPF_REG_0, 0));
  emit(leave());
  emit(load(BPF_DW, kSequence, BPF_REG_6, 0));
  emit(load(BPF_DW, kSequence, kSequence, 0));
  copy(BPF_W, types, "skc_portpair", 0);
  copy(BPF_H, types, "skc_family", 4);
  copy(BPF_B, types, "skc_state", 6);
  emit(store_value(BPF_B, BPF_REG_10, kRecord + 7, 0));
  emit_queues(types);
  emit(load(BPF_H, BPF_REG_1, kSocket, offset(types, "sock_common", "skc_family")));
  int six = emit(jump_if(BPF_JEQ, BPF_REG_1, AF_INET6, 0));
  copy(BPF_DW, types, "skc_addrpair", 16);
  write_record(kIpv4Bytes);
  land(six);
  for (int i = 0; i < 4; i += 1) {
    emit(load(BPF_W, BPF_REG_1, kSocket, offset(types, "sock_common", "skc_v6_daddr") + 4 * i));
    emit(store(BPF_W, BPF_REG_10, kRecord + 16 + 4 * i, BPF_REG_1));
    emit(load(BPF_W, BPF_REG_1, kSocket, offset(types, "sock_common", "skc_v6_rcv_saddr") + 4 * i));
    emit(store(BPF_W, BPF_REG_10, kRecord + 32 + 4 * i, BPF_REG_1));
  }
  write_record(kIpv6Bytes);

  union bpf_attr attributes = {0};
  attributes.prog_type = BPF_PROG_TYPE_TRACING;
  attributes.expected_attach_type = BPF_TRACE_ITER;
  attributes.attach_btf_id = (uint32_t)iterator;
  return load_code(attributes, code, length);
}

/* A descriptor that gives one reading of the records. */
static int open_iterator(void) {
  struct kernel_types types;
  errno = ENOTSUP;
  if (!read_kernel_types(&types)) die("/sys/kernel/btf/vmlinux");
  int program = load_program(&types);
  if (program < 0) die("BPF_PROG_LOAD");
  free_kernel_types(&types);
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

int main(int argc, char **argv) {
  static char records[kReadBytes];
  int print = argc == 2 && strcmp(argv[1], "print") == 0;
  long rows = 0, bytes = 0;
  double begun = now_ms();
  int iterator = open_iterator();
  double loaded = now_ms();
  for (ssize_t got; (got = read(iterator, records, sizeof records)) != 0;) {
    if (got < 0 && errno != EAGAIN && errno != EINTR) die("read");
    for (ssize_t at = 0; at < got;) {
      const struct tcp_record *record = (const struct tcp_record *)(records + at);
      if (print) print_record(record);
      at += (ssize_t)bytes_of(record);
      rows += 1;
    }
    if (got > 0) bytes += got;
  }
  double ended = now_ms();
  printf("{\"rows\":%ld,\"ms\":%.3f,\"loadMs\":%.3f,\"bytes\":%ld}\n", rows, ended - begun, loaded - begun, bytes);
  return 0;
}
