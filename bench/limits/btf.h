/* Just enough of the kernel's type information to say where members lie, for walk-bpf.c. */
#pragma once

#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All of /sys/kernel/btf/vmlinux, as linux/btf.h describes it. The kernel wrote it: not checked but for its magic. */
struct kernel_types {
  char *bytes;
  const char *types, *types_end, *strings;
};

static inline void free_kernel_types(struct kernel_types *types) { free(types->bytes); }

/* Returns 0, with errno, when there is none. */
static inline int read_kernel_types(struct kernel_types *out) {
  FILE *file = fopen("/sys/kernel/btf/vmlinux", "re");
  if (file == NULL) return 0;
  enum { kRoom = 64 << 20 };
  out->bytes = malloc(kRoom);
  size_t length = out->bytes == NULL ? 0 : fread(out->bytes, 1, kRoom, file);
  fclose(file);
  const struct btf_header *header = (const struct btf_header *)out->bytes;
  if (length < sizeof *header || header->magic != BTF_MAGIC) return 0;
  out->types = out->bytes + header->hdr_len + header->type_off;
  out->types_end = out->types + header->type_len;
  out->strings = out->bytes + header->hdr_len + header->str_off;
  return 1;
}

/* Bytes that follow a type of the kind, by its number of members. */
static inline size_t bytes_after(const struct btf_type *type) {
  size_t members = BTF_INFO_VLEN(type->info);
  switch (BTF_INFO_KIND(type->info)) {
    case BTF_KIND_INT: return sizeof(__u32);
    case BTF_KIND_ARRAY: return sizeof(struct btf_array);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION: return members * sizeof(struct btf_member);
    case BTF_KIND_ENUM: return members * sizeof(struct btf_enum);
    case BTF_KIND_FUNC_PROTO: return members * sizeof(struct btf_param);
    case BTF_KIND_VAR: return sizeof(struct btf_var);
    case BTF_KIND_DATASEC: return members * sizeof(struct btf_var_secinfo);
    case BTF_KIND_DECL_TAG: return sizeof(struct btf_decl_tag);
    case BTF_KIND_ENUM64: return members * sizeof(struct btf_enum64);
    default: return 0;
  }
}

/* The first type of that kind and name, and its number; NULL when there is none. */
static inline const struct btf_type *find_type(const struct kernel_types *all, unsigned kind, const char *name, int *id) {
  *id = 1;
  for (const char *at = all->types; at < all->types_end; *id += 1) {
    const struct btf_type *type = (const struct btf_type *)at;
    if (BTF_INFO_KIND(type->info) == kind && strcmp(all->strings + type->name_off, name) == 0) return type;
    at += sizeof *type + bytes_after(type);
  }
  return NULL;
}

/* Bytes from the beginning of a struct to a member of its own; -1 when there is none. */
static inline int offset_of_member(const struct kernel_types *all, const char *structure, const char *name) {
  int id;
  const struct btf_type *type = find_type(all, BTF_KIND_STRUCT, structure, &id);
  if (type == NULL) return -1;
  const struct btf_member *members = (const struct btf_member *)(type + 1);
  for (unsigned i = 0; i < BTF_INFO_VLEN(type->info); i += 1) {
    if (strcmp(all->strings + members[i].name_off, name) != 0) continue;
    __u32 bits = BTF_INFO_KFLAG(type->info) ? BTF_MEMBER_BIT_OFFSET(members[i].offset) : members[i].offset;
    return (int)(bits / 8);
  }
  return -1;
}

/* The struct or union of that number behind typedefs and the like; NULL when it is none. */
static inline const struct btf_type *structure_of(const struct kernel_types *all, __u32 wanted) {
  __u32 id = 1;
  for (const char *at = all->types; at < all->types_end; id += 1) {
    const struct btf_type *type = (const struct btf_type *)at;
    if (id == wanted) {
      int kind = BTF_INFO_KIND(type->info);
      if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION) return type;
      int alias = kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE;
      return alias ? structure_of(all, type->type) : NULL;
    }
    at += sizeof *type + bytes_after(type);
  }
  return NULL;
}

/* The member of that name, `length` characters long, in the struct or in an anonymous one of it, and its place in bytes. */
static inline const struct btf_member *find_member(const struct kernel_types *all, const struct btf_type *type,
                                                   const char *name, size_t length, int *place) {
  const struct btf_member *members = (const struct btf_member *)(type + 1);
  for (unsigned i = 0; i < BTF_INFO_VLEN(type->info); i += 1) {
    const char *own = all->strings + members[i].name_off;
    __u32 bits = BTF_INFO_KFLAG(type->info) ? BTF_MEMBER_BIT_OFFSET(members[i].offset) : members[i].offset;
    if (strncmp(own, name, length) == 0 && own[length] == '\0') {
      *place += (int)(bits / 8);
      return &members[i];
    }
    const struct btf_type *inner = *own == '\0' ? structure_of(all, members[i].type) : NULL;
    int inner_place = 0;
    const struct btf_member *found = inner == NULL ? NULL : find_member(all, inner, name, length, &inner_place);
    if (found == NULL) continue;
    *place += (int)(bits / 8) + inner_place;
    return found;
  }
  return NULL;
}

/* Bytes from the beginning of a struct to a member such as `ipv4.tcp_death_row`; -1 when there is none. */
static inline int offset_of_path(const struct kernel_types *all, const char *structure, const char *path) {
  int id, place = 0;
  const struct btf_type *type = find_type(all, BTF_KIND_STRUCT, structure, &id);
  for (const char *name = path; type != NULL;) {
    size_t length = strcspn(name, ".");
    const struct btf_member *member = find_member(all, type, name, length, &place);
    if (member == NULL) return -1;
    if (name[length] == '\0') return place;
    name += length + 1;
    type = structure_of(all, member->type);
  }
  return -1;
}
