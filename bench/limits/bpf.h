/* The few calls and instructions of bpf(2) that the programs of this folder are made of. No libbpf. */
#pragma once

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int bpf(int command, union bpf_attr *attributes) {
  return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

/*
 * Loads so many instructions as a program of the type that `attributes` name. Gives its descriptor, or -1 and errno. The
 * verifier writes its log only when it has refused, for that takes time; its end goes to standard error.
 */
static inline int load_code(union bpf_attr attributes, const struct bpf_insn *code, int count) {
  static char log[16 << 20];
  attributes.insns = (uintptr_t)code;
  attributes.insn_cnt = (uint32_t)count;
  attributes.license = (uintptr_t) "Dual MIT/GPL";
  int fd = bpf(BPF_PROG_LOAD, &attributes);
  if (fd >= 0 || errno == EPERM || errno == ENOSYS) return fd;
  attributes.log_buf = (uintptr_t)log;
  attributes.log_size = sizeof log;
  attributes.log_level = 1;
  fd = bpf(BPF_PROG_LOAD, &attributes);
  int error = errno;
  size_t written = strlen(log);
  fputs(written > 6000 ? log + written - 6000 : log, stderr);
  errno = error;
  return fd;
}

static inline struct bpf_insn load(int size, int to, int from, int offset) {
  return (struct bpf_insn){BPF_LDX | BPF_MEM | size, to, from, offset, 0};
}
static inline struct bpf_insn store(int size, int to, int offset, int from) {
  return (struct bpf_insn){BPF_STX | BPF_MEM | size, to, from, offset, 0};
}
static inline struct bpf_insn store_value(int size, int to, int offset, int value) {
  return (struct bpf_insn){BPF_ST | BPF_MEM | size, to, 0, offset, value};
}
static inline struct bpf_insn move(int to, int from) { return (struct bpf_insn){BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0}; }
static inline struct bpf_insn set(int to, int value) { return (struct bpf_insn){BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, value}; }
static inline struct bpf_insn add(int to, int value) { return (struct bpf_insn){BPF_ALU64 | BPF_ADD | BPF_K, to, 0, 0, value}; }
static inline struct bpf_insn add_register(int to, int from) {
  return (struct bpf_insn){BPF_ALU64 | BPF_ADD | BPF_X, to, from, 0, 0};
}
/* On the low 32 bits; the others become 0. */
static inline struct bpf_insn subtract32(int to, int from) { return (struct bpf_insn){BPF_ALU | BPF_SUB | BPF_X, to, from, 0, 0}; }
static inline struct bpf_insn shift_left(int to, int bits) { return (struct bpf_insn){BPF_ALU64 | BPF_LSH | BPF_K, to, 0, 0, bits}; }
static inline struct bpf_insn shift_right(int to, int bits) { return (struct bpf_insn){BPF_ALU64 | BPF_RSH | BPF_K, to, 0, 0, bits}; }
static inline struct bpf_insn call(int helper) { return (struct bpf_insn){BPF_JMP | BPF_CALL, 0, 0, 0, helper}; }
/* A function of the kernel that programs may call, by its type's number. */
static inline struct bpf_insn call_kernel(int function) {
  return (struct bpf_insn){BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, function};
}
/* BPF_JEQ, BPF_JGT, ...: steps over the next `count` instructions when it holds. */
static inline struct bpf_insn jump_if(int condition, int of, int value, int count) {
  return (struct bpf_insn){BPF_JMP | condition | BPF_K, of, 0, count, value};
}
static inline struct bpf_insn jump_if_register(int condition, int of, int against, int count) {
  return (struct bpf_insn){BPF_JMP | condition | BPF_X, of, against, count, 0};
}
static inline struct bpf_insn jump(int count) { return (struct bpf_insn){BPF_JMP | BPF_JA, 0, 0, count, 0}; }
static inline struct bpf_insn leave(void) { return (struct bpf_insn){BPF_JMP | BPF_EXIT, 0, 0, 0, 0}; }
/* Steps over the next `count` instructions unless the register is 0. */
static inline struct bpf_insn unless_null(int of, int count) { return jump_if(BPF_JNE, of, 0, count); }
