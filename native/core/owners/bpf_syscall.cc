#include "core/owners/bpf_syscall.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/kernel_version.h"

namespace sockscope {

namespace {

constexpr uint32_t kProgramTypeTracing = 26;
constexpr uint32_t kProgramTypeSyscall = 31;
constexpr uint32_t kProgramSleepable = 1 << 4;
constexpr uint32_t kAttachTraceIter = 28;
constexpr uint32_t kMapTypeArray = 2;
constexpr uint32_t kMapMappable = 1 << 10;
constexpr char kLicense[] = "Dual MIT/GPL";   // bpf_seq_write is for GPL-compatible programs

// union bpf_attr of <linux/bpf.h>, a struct a command; all that is not set is zero.
struct ProgLoadAttributes {
  uint32_t prog_type;
  uint32_t insn_cnt;
  uint64_t insns;
  uint64_t license;
  uint32_t log_level;
  uint32_t log_size;
  uint64_t log_buf;
  uint32_t kern_version;
  uint32_t prog_flags;
  char prog_name[16];
  uint32_t prog_ifindex;
  uint32_t expected_attach_type;
  uint32_t prog_btf_fd;
  uint32_t func_info_rec_size;
  uint64_t func_info;
  uint32_t func_info_cnt;
  uint32_t line_info_rec_size;
  uint64_t line_info;
  uint32_t line_info_cnt;
  uint32_t attach_btf_id;
};
static_assert(offsetof(ProgLoadAttributes, license) == 16 && offsetof(ProgLoadAttributes, prog_name) == 48);
static_assert(offsetof(ProgLoadAttributes, expected_attach_type) == 68);
static_assert(offsetof(ProgLoadAttributes, attach_btf_id) == 108 && sizeof(ProgLoadAttributes) == 112);

struct MapCreateAttributes {
  uint32_t map_type;
  uint32_t key_size;
  uint32_t value_size;
  uint32_t max_entries;
  uint32_t map_flags;
};
static_assert(sizeof(MapCreateAttributes) == 20);

struct ProgRunAttributes {
  uint32_t prog_fd;
  uint32_t retval;
  uint32_t data_size_in;
  uint32_t data_size_out;
  uint64_t data_in;
  uint64_t data_out;
  uint32_t repeat;
  uint32_t duration;
  uint32_t ctx_size_in;
  uint32_t ctx_size_out;
  uint64_t ctx_in;
  uint64_t ctx_out;
};
static_assert(offsetof(ProgRunAttributes, ctx_in) == 48 && sizeof(ProgRunAttributes) == 64);

struct LinkCreateAttributes {
  uint32_t prog_fd;
  uint32_t target_fd;
  uint32_t attach_type;
  uint32_t flags;
  uint64_t iter_info;
  uint32_t iter_info_len;
  uint32_t zero;
};
static_assert(offsetof(LinkCreateAttributes, iter_info) == 16 && sizeof(LinkCreateAttributes) == 32);

// The part of union bpf_iter_link_info that is for tasks. Not more than one of the three may be set.
struct TaskLinkInfo {
  uint32_t tid;      // one thread
  uint32_t pid;      // a thread group
  uint32_t pid_fd;
};
static_assert(sizeof(TaskLinkInfo) == 12);

struct IterCreateAttributes {
  uint32_t link_fd;
  uint32_t flags;
};

struct ObjPinAttributes {
  uint64_t pathname;
  uint32_t bpf_fd;
  uint32_t file_flags;
};
static_assert(sizeof(ObjPinAttributes) == 16);

uint64_t AddressOf(const void* bytes) { return reinterpret_cast<uintptr_t>(bytes); }

constexpr bool IsTried(int command) {
  for (const int tried : kBpfCommands) {
    if (tried == command) return true;
  }
  return false;
}

template <int command, typename Attributes>
long Command(BpfCall call, Attributes* attributes) {
  static_assert(IsTried(command), "a filter that kills for this command alone would not be found out");
  return call(command, attributes, sizeof(*attributes));
}

template <int command, typename Attributes>
Status Descriptor(BpfCall call, Attributes attributes, const char* operation, UniqueFd* made) {
  const long fd = Command<command>(call, &attributes);
  if (fd < 0) return Status::FromErrno(operation, errno);
  *made = UniqueFd(static_cast<int>(fd));
  return Status::Ok();
}

ProgLoadAttributes AttributesOf(const BpfProgram& program, uint32_t type) {
  ProgLoadAttributes attributes{};
  attributes.prog_type = type;
  attributes.insn_cnt = static_cast<uint32_t>(program.size());
  attributes.insns = AddressOf(program.data());
  attributes.license = AddressOf(kLicense);
  std::strcpy(attributes.prog_name, "sockscope");
  return attributes;
}

// The verifier gives up where a signal waits.
Status LoadProgram(BpfCall call, const ProgLoadAttributes& attributes, UniqueFd* loaded) {
  Status status = Descriptor<kBpfProgLoad>(call, attributes, "bpf(BPF_PROG_LOAD)", loaded);
  for (int tries = 1; status.error_number() == EAGAIN && tries < 5; ++tries) {
    status = Descriptor<kBpfProgLoad>(call, attributes, "bpf(BPF_PROG_LOAD)", loaded);
  }
  return status;
}

}  // namespace

long KernelBpf(int command, void* attributes, size_t bytes) { return syscall(SYS_bpf, command, attributes, bytes); }

Status LoadIteratorProgram(BpfCall call, const BpfProgram& program, uint32_t btf_id, UniqueFd* loaded) {
  ProgLoadAttributes attributes = AttributesOf(program, kProgramTypeTracing);
  attributes.expected_attach_type = kAttachTraceIter;
  attributes.attach_btf_id = btf_id;
  const Status status = LoadProgram(call, attributes, loaded);
  // EINVAL is what the verifier says of a helper that it does not know.
  if (!status.ok() && status.error_number() == EINVAL && !KernelIsAtLeast(5, 11)) {
    return Status::From(Status::Code::kNotSupported, "find bpf_sock_from_file in the kernel", EINVAL);
  }
  return status;
}

Status LoadRunProgram(BpfCall call, const BpfProgram& program, UniqueFd* loaded) {
  ProgLoadAttributes attributes = AttributesOf(program, kProgramTypeSyscall);
  attributes.prog_flags = kProgramSleepable;
  const Status status = LoadProgram(call, attributes, loaded);
  if (!status.ok() && status.error_number() == EINVAL && !KernelIsAtLeast(6, 4)) {
    return Status::From(Status::Code::kNotSupported, "find loops of BPF in the kernel", EINVAL);
  }
  return status;
}

Status RunProgram(BpfCall call, int program, void* context, size_t bytes) {
  ProgRunAttributes attributes{};
  attributes.prog_fd = static_cast<uint32_t>(program);
  attributes.ctx_in = AddressOf(context);
  attributes.ctx_size_in = static_cast<uint32_t>(bytes);
  if (Command<kBpfProgRun>(call, &attributes) != 0) return Status::FromErrno("bpf(BPF_PROG_RUN)", errno);
  return Status::Ok();
}

Status CreateMemory(BpfCall call, uint32_t bytes, UniqueFd* memory) {
  const MapCreateAttributes attributes{kMapTypeArray, sizeof(uint32_t), bytes, 1, kMapMappable};
  return Descriptor<kBpfMapCreate>(call, attributes, "bpf(BPF_MAP_CREATE)", memory);
}

Status LinkIterator(BpfCall call, int program, uint32_t pid, UniqueFd* link) {
  TaskLinkInfo info{};
  info.pid = pid;
  LinkCreateAttributes attributes{};
  attributes.prog_fd = static_cast<uint32_t>(program);
  attributes.attach_type = kAttachTraceIter;
  if (pid != 0) {
    attributes.iter_info = AddressOf(&info);
    attributes.iter_info_len = sizeof(info);
  }
  const Status status = Descriptor<kBpfLinkCreate>(call, attributes, "bpf(BPF_LINK_CREATE)", link);
  // E2BIG: there is more in the information than the kernel knows of; EINVAL: it knows of none.
  if (!status.ok() && pid != 0 && (status.error_number() == E2BIG || status.error_number() == EINVAL)) {
    return Status::From(Status::Code::kNotSupported, "bpf(BPF_LINK_CREATE)", status.error_number());
  }
  return status;
}

Status OpenIterator(BpfCall call, int link, UniqueFd* iterator) {
  return Descriptor<kBpfIterCreate>(call, IterCreateAttributes{static_cast<uint32_t>(link), 0},
                    "bpf(BPF_ITER_CREATE)", iterator);
}

Status PinObject(BpfCall call, int object, const std::string& path) {
  ObjPinAttributes attributes{AddressOf(path.c_str()), static_cast<uint32_t>(object), 0};
  if (Command<kBpfObjPin>(call, &attributes) != 0) return Status::FromErrno("bpf(BPF_OBJ_PIN)", errno);
  return Status::Ok();
}

}  // namespace sockscope
