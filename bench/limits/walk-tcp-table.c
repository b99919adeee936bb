/*
 * A floor below netlink and the BPF iterator over TCP sockets: a BPF program that walks the kernel's table itself, under
 * RCU alone, without a lock and without a reference to any socket, and writes what `netstat -tan` shows of each into
 * memory that this process has mapped. In the order of /proc/net/tcp: listeners by bucket, then the others by bucket.
 *
 *     walk-tcp-table [print] [THREADS]
 *
 * Prints one line, and before it with `print` the sockets as /proc/net/tcp and tcp6 have them:
 *     {"rows":200000,"ms":40.4,"loadMs":6.2,"bytes":4800000,"restarts":0}
 * `ms` runs from before the first call, the kernel's types read and the program loaded (`loadMs`), until the last record
 * is in; `restarts` are buckets that were walked again as they changed under the walk. Needs Linux 6.4 (loops in BPF).
 * Exit code 3: not possible here, for the reason on standard error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../clock.h"
#include "bpf.h"
#include "btf.h"
#include "tcp-record.h"

enum {
  kNotHere = 3,
  kMostThreads = 8,
  kBlockBytes = 1 << 20,      /* that one run fills */
  kStepsPerRun = 1 << 17,     /* sockets and buckets */
};

static _Noreturn void die(const char *what) {
  int error = errno;
  fprintf(stderr, "walk-tcp-table: %s: %s\n", what, strerror(error));
  exit(error == EPERM || error == ENOSYS || error == ENOTSUP ? kNotHere : 1);
}

/* What the program is asked and answers: its context. */
struct question {
  uint64_t listeners;   /* 0: the table of all others */
  uint64_t bucket;      /* first that is to be walked; after the run the first that was not */
  uint64_t end;
  uint64_t block;       /* where records begin in the map */
  uint64_t written;     /* after the run, bytes of records */
  uint64_t buckets;     /* after the run, of the table */
  uint64_t restarts;
  uint64_t pointer;     /* addresses of the kernel pass through here to become numbers */
};
#define FIELD(name) ((int)offsetof(struct question, name))

static struct bpf_insn code[512];
static int length;
static int emit(struct bpf_insn instruction) {
  code[length] = instruction;
  return length++;
}
static void land(int jump) { code[jump].off = (short)(length - jump - 1); }
static void jump_back(int to) { emit(jump(to - length - 1)); }

static struct kernel_types types;

static int offset(const char *structure, const char *path) {
  int found = offset_of_path(&types, structure, path);
  if (found >= 0) return found;
  errno = ENOTSUP;
  die(path);
}
static int number_of(unsigned kind, const char *name) {
  int id;
  if (find_type(&types, kind, name, &id) != NULL) return id;
  errno = ENOTSUP;
  die(name);
}

enum { kContext = BPF_REG_6, kSocket = BPF_REG_7, kPlace = BPF_REG_8, kNode = BPF_REG_9, kFrame = BPF_REG_10 };
/* On the stack. */
enum { kSteps = -8, kBucket = -16, kTable = -24, kEnd = -32, kNet = -40, kBucketPlace = -48, kHash = -56, kLimit = -64 };

static int function_cast, function_next, type_word;

/* R0 = the number in register `address`, which stays, as a pointer to a struct. */
static void cast(int address, int type) {
  if (address != BPF_REG_1) emit(move(BPF_REG_1, address));
  emit(set(BPF_REG_2, type));
  emit(call_kernel(function_cast));
}
/* The pointer in R1 as a number in `to`. */
static void number(int to) {
  emit(store(BPF_DW, kContext, FIELD(pointer), BPF_REG_1));
  emit(load(BPF_DW, to, kContext, FIELD(pointer)));
}
/* kNode = the first of the bucket. */
static void first_of_bucket(void) {
  emit(load(BPF_DW, BPF_REG_1, kFrame, kBucket));
  emit(load(BPF_DW, BPF_REG_2, kContext, FIELD(listeners)));
  emit(shift_left(BPF_REG_1, 3));
  int narrow = emit(jump_if(BPF_JEQ, BPF_REG_2, 0, 0));
  emit(shift_left(BPF_REG_1, 1));
  land(narrow);
  emit(load(BPF_DW, BPF_REG_2, kFrame, kTable));
  emit(add_register(BPF_REG_1, BPF_REG_2));
  cast(BPF_REG_1, type_word);
  emit(load(BPF_DW, kNode, BPF_REG_0, 0));
}

static void copy(int size, const char *path, int field) {
  emit(load(size, BPF_REG_1, kSocket, offset("sock_common", path)));
  emit(store(size, BPF_REG_5, field, BPF_REG_1));
}

static void find_table(void) {
  emit(call(BPF_FUNC_get_current_task_btf));
  emit(load(BPF_DW, BPF_REG_1, BPF_REG_0, offset("task_struct", "nsproxy")));
  emit(load(BPF_DW, BPF_REG_1, BPF_REG_1, offset("nsproxy", "net_ns")));
  emit(move(BPF_REG_3, BPF_REG_1));
  number(BPF_REG_2);
  emit(store(BPF_DW, kFrame, kNet, BPF_REG_2));
  emit(load(BPF_DW, BPF_REG_3, BPF_REG_3, offset("net", "ipv4.tcp_death_row.hashinfo")));
  emit(load(BPF_DW, BPF_REG_4, kContext, FIELD(listeners)));
  int others = emit(jump_if(BPF_JEQ, BPF_REG_4, 0, 0));
  emit(load(BPF_DW, BPF_REG_1, BPF_REG_3, offset("inet_hashinfo", "lhash2")));
  emit(load(BPF_W, BPF_REG_4, BPF_REG_3, offset("inet_hashinfo", "lhash2_mask")));
  number(BPF_REG_2);
  emit(add(BPF_REG_2, offset("inet_listen_hashbucket", "nulls_head")));
  int found = emit(jump(0));
  land(others);
  emit(load(BPF_DW, BPF_REG_1, BPF_REG_3, offset("inet_hashinfo", "ehash")));
  emit(load(BPF_W, BPF_REG_4, BPF_REG_3, offset("inet_hashinfo", "ehash_mask")));
  number(BPF_REG_2);
  land(found);
  emit(store(BPF_DW, kFrame, kTable, BPF_REG_2));
  emit(add(BPF_REG_4, 1));
  emit(store(BPF_DW, kContext, FIELD(buckets), BPF_REG_4));
  emit(load(BPF_DW, BPF_REG_1, kContext, FIELD(end)));
  int within = emit(jump_if_register(BPF_JLT, BPF_REG_1, BPF_REG_4, 0));
  emit(move(BPF_REG_1, BPF_REG_4));
  land(within);
  emit(store(BPF_DW, kFrame, kEnd, BPF_REG_1));
}

/* R5 = where the record goes in the map, kPlace being in bounds. */
static void point_to_record(int map) {
  emit((struct bpf_insn){BPF_LD | BPF_DW | BPF_IMM, BPF_REG_5, BPF_PSEUDO_MAP_VALUE, 0, map});
  emit((struct bpf_insn){0});
  emit(add_register(BPF_REG_5, kPlace));
}

static void copy_queues(int map) {
  emit(load(BPF_B, BPF_REG_3, kSocket, offset("sock_common", "skc_state")));
  int time_wait = emit(jump_if(BPF_JEQ, BPF_REG_3, kTimeWait, 0));
  int request = emit(jump_if(BPF_JEQ, BPF_REG_3, kNewSynRecv, 0));
  int listener = emit(jump_if(BPF_JEQ, BPF_REG_3, kListen, 0));
  cast(kSocket, number_of(BTF_KIND_STRUCT, "tcp_sock"));
  point_to_record(map);
  emit(load(BPF_W, BPF_REG_1, BPF_REG_0, offset("tcp_sock", "rcv_nxt")));
  emit(load(BPF_W, BPF_REG_2, BPF_REG_0, offset("tcp_sock", "copied_seq")));
  emit(subtract32(BPF_REG_1, BPF_REG_2));
  emit(store(BPF_W, BPF_REG_5, 8, BPF_REG_1));
  emit(load(BPF_W, BPF_REG_1, BPF_REG_0, offset("tcp_sock", "write_seq")));
  emit(load(BPF_W, BPF_REG_2, BPF_REG_0, offset("tcp_sock", "snd_una")));
  emit(subtract32(BPF_REG_1, BPF_REG_2));
  emit(store(BPF_W, BPF_REG_5, 12, BPF_REG_1));
  int done = emit(jump(0));
  land(listener);
  cast(kSocket, number_of(BTF_KIND_STRUCT, "sock"));
  point_to_record(map);
  emit(load(BPF_W, BPF_REG_1, BPF_REG_0, offset("sock", "sk_ack_backlog")));
  emit(store(BPF_W, BPF_REG_5, 8, BPF_REG_1));
  emit(store_value(BPF_W, BPF_REG_5, 12, 0));
  int listened = emit(jump(0));
  land(time_wait);
  land(request);
  point_to_record(map);
  emit(store_value(BPF_DW, BPF_REG_5, 8, 0));
  land(done);
  land(listened);
}

static int load_program(int map) {
  int sock_common = number_of(BTF_KIND_STRUCT, "sock_common");
  int node_offset = offset("sock_common", "skc_nulls_node");
  function_cast = number_of(BTF_KIND_FUNC, "bpf_rdonly_cast");
  function_next = number_of(BTF_KIND_FUNC, "bpf_iter_num_next");
  type_word = number_of(BTF_KIND_STRUCT, "bpf_iter_num");

  emit(move(kContext, BPF_REG_1));
  emit(call_kernel(number_of(BTF_KIND_FUNC, "bpf_rcu_read_lock")));
  find_table();
  emit(load(BPF_DW, kPlace, kContext, FIELD(block)));
  emit(store(BPF_DW, kFrame, kBucketPlace, kPlace));
  emit(move(BPF_REG_1, kPlace));
  emit(add(BPF_REG_1, kBlockBytes - kIpv6Bytes));
  emit(store(BPF_DW, kFrame, kLimit, BPF_REG_1));
  emit(load(BPF_DW, BPF_REG_1, kContext, FIELD(bucket)));
  emit(store(BPF_DW, kFrame, kBucket, BPF_REG_1));
  first_of_bucket();
  emit(move(BPF_REG_1, kFrame));
  emit(add(BPF_REG_1, kSteps));
  emit(set(BPF_REG_2, 0));
  emit(set(BPF_REG_3, kStepsPerRun));
  emit(call_kernel(number_of(BTF_KIND_FUNC, "bpf_iter_num_new")));

  int loop = length;
  emit(move(BPF_REG_1, kFrame));
  emit(add(BPF_REG_1, kSteps));
  emit(call_kernel(function_next));
  int out_of_steps = emit(jump_if(BPF_JEQ, BPF_REG_0, 0, 0));
  int list_end = emit((struct bpf_insn){BPF_JMP | BPF_JSET | BPF_K, kNode, 0, 0, 1});
  /* A socket. */
  emit(move(BPF_REG_1, kNode));
  emit(add(BPF_REG_1, -node_offset));
  cast(BPF_REG_1, sock_common);
  emit(move(kSocket, BPF_REG_0));
  emit(load(BPF_DW, BPF_REG_1, kSocket, offset("sock_common", "skc_net.net")));
  emit(load(BPF_DW, BPF_REG_2, kFrame, kNet));
  int foreign = emit(jump_if_register(BPF_JNE, BPF_REG_1, BPF_REG_2, 0));
  emit(load(BPF_DW, BPF_REG_1, kFrame, kLimit));
  int full = emit(jump_if_register(BPF_JGT, kPlace, BPF_REG_1, 0));
  int full_map = emit(jump_if(BPF_JGT, kPlace, kMostThreads * kBlockBytes - kIpv6Bytes, 0));
  emit(load(BPF_W, BPF_REG_1, kSocket, offset("sock_common", "skc_hash")));
  emit(store(BPF_DW, kFrame, kHash, BPF_REG_1));
  copy_queues(map);
  copy(BPF_W, "skc_portpair", 0);
  copy(BPF_B, "skc_state", 6);
  emit(load(BPF_H, BPF_REG_3, kSocket, offset("sock_common", "skc_family")));
  emit(store(BPF_H, BPF_REG_5, 4, BPF_REG_3));
  int six = emit(jump_if(BPF_JEQ, BPF_REG_3, AF_INET6, 0));
  copy(BPF_DW, "skc_addrpair", 16);
  emit(add(kPlace, kIpv4Bytes));
  int four = emit(jump(0));
  land(six);
  for (int i = 0; i < 4; i += 1) {
    emit(load(BPF_W, BPF_REG_1, kSocket, offset("sock_common", "skc_v6_daddr") + 4 * i));
    emit(store(BPF_W, BPF_REG_5, 16 + 4 * i, BPF_REG_1));
    emit(load(BPF_W, BPF_REG_1, kSocket, offset("sock_common", "skc_v6_rcv_saddr") + 4 * i));
    emit(store(BPF_W, BPF_REG_5, 32 + 4 * i, BPF_REG_1));
  }
  emit(add(kPlace, kIpv6Bytes));
  land(four);
  /* Is it still the one that it was? Its memory may have become another socket's. */
  emit(load(BPF_W, BPF_REG_1, kSocket, offset("sock_common", "skc_hash")));
  emit(load(BPF_DW, BPF_REG_2, kFrame, kHash));
  int changed = emit(jump_if_register(BPF_JNE, BPF_REG_1, BPF_REG_2, 0));
  land(foreign);
  cast(kNode, type_word);
  emit(load(BPF_DW, kNode, BPF_REG_0, 0));
  jump_back(loop);

  /* The end of a list tells of which bucket it is. */
  land(list_end);
  emit(move(BPF_REG_2, kNode));
  emit(shift_right(BPF_REG_2, 1));
  emit(load(BPF_DW, BPF_REG_3, kFrame, kBucket));
  emit(load(BPF_DW, BPF_REG_1, kContext, FIELD(listeners)));
  int plain = emit(jump_if(BPF_JEQ, BPF_REG_1, 0, 0));
  emit(add(BPF_REG_2, -(1 << 29)));
  land(plain);
  int moved = emit(jump_if_register(BPF_JNE, BPF_REG_2, BPF_REG_3, 0));
  emit(add(BPF_REG_3, 1));
  emit(store(BPF_DW, kFrame, kBucket, BPF_REG_3));
  emit(store(BPF_DW, kFrame, kBucketPlace, kPlace));
  emit(load(BPF_DW, BPF_REG_2, kFrame, kEnd));
  int at_end = emit(jump_if_register(BPF_JGE, BPF_REG_3, BPF_REG_2, 0));
  int again = length;
  first_of_bucket();
  jump_back(loop);

  land(changed);
  land(moved);
  emit(load(BPF_DW, BPF_REG_1, kContext, FIELD(restarts)));
  emit(add(BPF_REG_1, 1));
  emit(store(BPF_DW, kContext, FIELD(restarts), BPF_REG_1));
  emit(load(BPF_DW, kPlace, kFrame, kBucketPlace));
  jump_back(again);

  land(at_end);
  land(full);
  land(full_map);
  land(out_of_steps);
  emit(move(BPF_REG_1, kFrame));
  emit(add(BPF_REG_1, kSteps));
  emit(call_kernel(number_of(BTF_KIND_FUNC, "bpf_iter_num_destroy")));
  emit(call_kernel(number_of(BTF_KIND_FUNC, "bpf_rcu_read_unlock")));
  emit(load(BPF_DW, BPF_REG_1, kFrame, kBucket));
  emit(store(BPF_DW, kContext, FIELD(bucket), BPF_REG_1));
  emit(load(BPF_DW, BPF_REG_1, kFrame, kBucketPlace));
  emit(load(BPF_DW, BPF_REG_2, kContext, FIELD(block)));
  emit((struct bpf_insn){BPF_ALU64 | BPF_SUB | BPF_X, BPF_REG_1, BPF_REG_2, 0, 0});
  emit(store(BPF_DW, kContext, FIELD(written), BPF_REG_1));
  emit(set(BPF_REG_0, 0));
  emit(leave());

  union bpf_attr attributes = {0};
  attributes.prog_type = BPF_PROG_TYPE_SYSCALL;
  attributes.prog_flags = BPF_F_SLEEPABLE;
  return load_code(attributes, code, length);
}

static int program;
static char *blocks;
static int print;

struct part {
  pthread_t thread;
  struct question question;
  long rows, bytes, restarts;
};

static void ask(struct question *question) {
  union bpf_attr attributes = {0};
  attributes.test.prog_fd = (uint32_t)program;
  attributes.test.ctx_in = (uintptr_t)question;
  attributes.test.ctx_size_in = sizeof *question;
  if (bpf(BPF_PROG_TEST_RUN, &attributes) < 0) die("BPF_PROG_TEST_RUN");
}

static void *walk(void *argument) {
  struct part *part = argument;
  struct question *question = &part->question;
  do {
    uint64_t before = question->bucket;
    ask(question);
    const char *records = blocks + question->block;
    for (uint64_t at = 0; at < question->written;) {
      const struct tcp_record *record = (const struct tcp_record *)(records + at);
      if (print) print_record(record);
      at += bytes_of(record);
      part->rows += 1;
    }
    part->bytes += (long)question->written;
    errno = EOVERFLOW;
    if (question->bucket == before) die("a bucket of more sockets than fit");
  } while (question->bucket < question->end && question->bucket < question->buckets);
  return NULL;
}

int main(int argc, char **argv) {
  static struct part parts[kMostThreads], listeners;
  print = argc > 1 && strcmp(argv[1], "print") == 0;
  int threads = argc > 1 + print ? atoi(argv[1 + print]) : 1;
  if (threads < 1 || threads > kMostThreads) {
    fprintf(stderr, "usage: walk-tcp-table [print] [THREADS]\n");
    return 2;
  }
  double begun = now_ms();
  errno = ENOTSUP;
  if (!read_kernel_types(&types)) die("/sys/kernel/btf/vmlinux");
  union bpf_attr attributes = {0};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = 4;
  attributes.value_size = kMostThreads * kBlockBytes;
  attributes.max_entries = 1;
  attributes.map_flags = BPF_F_MMAPABLE;
  int map = bpf(BPF_MAP_CREATE, &attributes);
  if (map < 0) die("BPF_MAP_CREATE");
  blocks = mmap(NULL, kMostThreads * kBlockBytes, PROT_READ, MAP_SHARED, map, 0);
  if (blocks == MAP_FAILED) die("mmap");
  program = load_program(map);
  if (program < 0) die("BPF_PROG_LOAD");
  double loaded = now_ms();

  listeners.question = (struct question){.listeners = 1, .end = UINT64_MAX};
  walk(&listeners);
  struct question first = {.end = 0};
  ask(&first);
  for (int i = 0; i < threads; i += 1) {
    parts[i].question = (struct question){.bucket = first.buckets * i / threads,
                                          .end = first.buckets * (i + 1) / threads,
                                          .block = (uint64_t)i * kBlockBytes};
    if (i > 0) pthread_create(&parts[i].thread, NULL, walk, &parts[i]);
  }
  walk(&parts[0]);
  long rows = listeners.rows, bytes = listeners.bytes, restarts = (long)listeners.question.restarts;
  for (int i = 0; i < threads; i += 1) {
    if (i > 0) pthread_join(parts[i].thread, NULL);
    rows += parts[i].rows;
    bytes += parts[i].bytes;
    restarts += (long)parts[i].question.restarts;
  }
  double ended = now_ms();
  printf("{\"rows\":%ld,\"ms\":%.3f,\"loadMs\":%.3f,\"bytes\":%ld,\"restarts\":%ld}\n", rows, ended - begun, loaded - begun, bytes,
         restarts);
  return 0;
}
