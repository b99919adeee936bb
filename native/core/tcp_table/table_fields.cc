#include "core/tcp_table/table_fields.h"

#include <limits>
#include <string_view>

namespace sockscope {

namespace {

struct Member {
  std::string_view type, name;
};

Status FindMembers(const Btf& btf, TableFields* fields) {
  const struct {
    Member member;
    int16_t* offset;
  } wanted[] = {
      {{"task_struct", "nsproxy"}, &fields->task_nsproxy},
      {{"nsproxy", "net_ns"}, &fields->nsproxy_net},
      {{"inet_hashinfo", "lhash2"}, &fields->tables_listeners},
      {{"inet_hashinfo", "lhash2_mask"}, &fields->tables_listeners_mask},
      {{"inet_hashinfo", "ehash"}, &fields->tables_others},
      {{"inet_hashinfo", "ehash_mask"}, &fields->tables_others_mask},
      {{"inet_listen_hashbucket", "nulls_head"}, &fields->listeners_list},
      {{"sock_common", "skc_net"}, &fields->net},
      {{"sock_common", "skc_nulls_node"}, &fields->node},
      {{"sock_common", "skc_hash"}, &fields->hash},
      {{"sock_common", "skc_family"}, &fields->family},
      {{"sock_common", "skc_state"}, &fields->state},
      {{"sock_common", "skc_portpair"}, &fields->ports},
      {{"sock_common", "skc_addrpair"}, &fields->addresses},
      {{"sock_common", "skc_v6_daddr"}, &fields->remote6},
      {{"sock_common", "skc_v6_rcv_saddr"}, &fields->local6},
      {{"sock", "sk_ack_backlog"}, &fields->backlog},
      {{"sock", "sk_max_ack_backlog"}, &fields->most_backlog},
      {{"tcp_sock", "rcv_nxt"}, &fields->received},
      {{"tcp_sock", "copied_seq"}, &fields->copied},
      {{"tcp_sock", "write_seq"}, &fields->written},
      {{"tcp_sock", "snd_una"}, &fields->acknowledged},
      {{"inet_timewait_sock", "tw_substate"}, &fields->substate},
  };
  for (const auto& [member, offset] : wanted) {
    const auto found = btf.MemberOffset(member.type, member.name);
    if (!found || *found > static_cast<uint32_t>(std::numeric_limits<int16_t>::max()))
      return Status::From(Status::Code::kNotSupported, "find the TCP tables in BTF");
    *offset = static_cast<int16_t>(*found);
  }
  return Status::Ok();
}

// struct net holds structs in structs.
Status FindTables(const Btf& btf, int16_t* offset) {
  uint32_t sum = 0;
  for (const Member& step : {Member{"net", "ipv4"}, {"netns_ipv4", "tcp_death_row"}, {"inet_timewait_death_row", "hashinfo"}}) {
    const auto found = btf.MemberOffset(step.type, step.name);
    if (!found || sum + *found > static_cast<uint32_t>(std::numeric_limits<int16_t>::max()))
      return Status::From(Status::Code::kNotSupported, "find the TCP tables in BTF");
    sum += *found;
  }
  *offset = static_cast<int16_t>(sum);
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
    if ((*id = btf.FindStruct(name)) == 0) return Status::From(Status::Code::kNotSupported, "find the TCP tables in BTF");
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
  return status.ok() ? FindIds(btf, fields) : status;
}

}  // namespace sockscope
