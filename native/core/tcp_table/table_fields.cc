#include "core/tcp_table/table_fields.h"

#include <iterator>
#include <limits>
#include <string_view>
#include <utility>

namespace sockscope {

namespace {

constexpr uint32_t kMostBucketBytes = 4096;

struct Member {
  std::string_view type, name;
  uint32_t bytes;
};

Status None() { return Status::From(Status::Code::kNotSupported, "find the TCP tables in BTF"); }

// Of a struct within structs: as far from the beginning of all as `base` is.
bool FindMember(const Btf& btf, const Member& member, int16_t* offset, int base = 0) {
  const auto found = btf.MemberOf(btf.FindStruct(member.type), member.name);
  if (!found || found->bytes != member.bytes) return false;
  if (found->offset > static_cast<uint32_t>(std::numeric_limits<int16_t>::max() - base)) return false;
  *offset = static_cast<int16_t>(base + static_cast<int>(found->offset));
  return true;
}

Status FindMembers(const Btf& btf, TableFields* fields) {
  const struct {
    Member member;
    int16_t* offset;
  } wanted[] = {
      {{"task_struct", "nsproxy", 8}, &fields->task_nsproxy},
      {{"nsproxy", "net_ns", 8}, &fields->nsproxy_net},
      {{"inet_hashinfo", "lhash2", 8}, &fields->tables_listeners},
      {{"inet_hashinfo", "lhash2_mask", 4}, &fields->tables_listeners_mask},
      {{"inet_hashinfo", "ehash", 8}, &fields->tables_others},
      {{"inet_hashinfo", "ehash_mask", 4}, &fields->tables_others_mask},
      {{"inet_listen_hashbucket", "nulls_head", 8}, &fields->listeners_list},
      {{"inet_ehash_bucket", "chain", 8}, &fields->others_list},
      {{"sock_common", "skc_net", 8}, &fields->net},
      {{"sock_common", "skc_nulls_node", 16}, &fields->node},
      {{"sock_common", "skc_hash", 4}, &fields->hash},
      {{"sock_common", "skc_family", 2}, &fields->family},
      {{"sock_common", "skc_state", 1}, &fields->state},
      {{"sock_common", "skc_portpair", 4}, &fields->ports},
      {{"sock_common", "skc_addrpair", 8}, &fields->addresses},
      {{"sock_common", "skc_v6_daddr", 16}, &fields->remote6},
      {{"sock_common", "skc_v6_rcv_saddr", 16}, &fields->local6},
      {{"sock", "sk_ack_backlog", 4}, &fields->backlog},
      {{"sock", "sk_max_ack_backlog", 4}, &fields->most_backlog},
      {{"tcp_sock", "rcv_nxt", 4}, &fields->received},
      {{"tcp_sock", "copied_seq", 4}, &fields->copied},
      {{"tcp_sock", "write_seq", 4}, &fields->written},
      {{"tcp_sock", "snd_una", 4}, &fields->acknowledged},
      {{"inet_timewait_sock", "tw_substate", 1}, &fields->substate},
      {{"hlist_nulls_node", "pprev", 8}, &fields->linked},
  };
  for (const auto& [member, offset] : wanted) {
    if (!FindMember(btf, member, offset)) return None();
  }
  fields->linked = static_cast<int16_t>(fields->linked + fields->node);
  return Status::Ok();
}

// Structs in structs, and a pointer at the end.
Status FindTables(const Btf& btf, int16_t* offset) {
  *offset = 0;
  const std::string_view path[][2] = {{"net", "ipv4"}, {"netns_ipv4", "tcp_death_row"}, {"inet_timewait_death_row", "hashinfo"}};
  for (size_t i = 0; i < std::size(path); ++i) {
    const bool last = i + 1 == std::size(path);
    const auto bytes = last ? sizeof(void*) : btf.StructBytes(btf.FindStruct(path[i + 1][0])).value_or(0);
    const Member step{path[i][0], path[i][1], static_cast<uint32_t>(bytes)};
    if (bytes == 0 || !FindMember(btf, step, offset, *offset)) return None();
  }
  return Status::Ok();
}

// A spinlock, of which kernels have several sizes, is in a bucket of listeners.
Status FindBuckets(const Btf& btf, TableFields* fields) {
  for (const auto& [name, bytes] : {std::pair{"inet_listen_hashbucket", &fields->listeners_bucket},
                                    std::pair{"inet_ehash_bucket", &fields->others_bucket}}) {
    const auto found = btf.StructBytes(btf.FindStruct(name));
    if (!found || *found == 0 || *found > kMostBucketBytes) return None();
    *bytes = static_cast<int32_t>(*found);
  }
  return Status::Ok();
}

Status FindIds(const Btf& btf, TableFields* fields) {
  const struct {
    std::string_view name;
    uint32_t* id;
  } structs[] = {{"sock_common", &fields->sock_common}, {"sock", &fields->sock}, {"tcp_sock", &fields->tcp_sock},
                 {"inet_timewait_sock", &fields->time_wait}, {"bpf_iter_num", &fields->word}},
    functions[] = {{"bpf_rdonly_cast", &fields->cast}, {"bpf_rcu_read_lock", &fields->lock},
                   {"bpf_rcu_read_unlock", &fields->unlock}, {"bpf_iter_num_new", &fields->begin},
                   {"bpf_iter_num_next", &fields->next}, {"bpf_iter_num_destroy", &fields->end}};
  for (const auto& [name, id] : structs) {
    if ((*id = btf.FindStruct(name)) == 0) return None();
  }
  for (const auto& [name, id] : functions) {
    if ((*id = btf.FindFunction(name)) == 0)
      return Status::From(Status::Code::kNotSupported, "find loops of BPF in the kernel");
  }
  return Status::Ok();
}

}  // namespace

Status FindTableFields(const Btf& btf, TableFields* fields) {
  Status status = FindMembers(btf, fields);
  if (status.ok()) status = FindTables(btf, &fields->net_tables);
  if (status.ok()) status = FindBuckets(btf, fields);
  return status.ok() ? FindIds(btf, fields) : status;
}

}  // namespace sockscope
