#include "core/netlink/kernel_transport.h"
#include "core/netlink/replay_transport.h"
#include "core/owners/bpf_owners.h"
#include "core/tcp_table/table_transport.h"
#include "core/thread_trial.h"
#include "napi/arguments.h"
#include "napi/bpf_object.h"
#include "napi/conntrack_object.h"
#include "napi/dump_object.h"
#include "napi/group_id.h"
#include "napi/host_lookup_object.h"
#include "napi/interface_object.h"
#include "napi/known_owners_object.h"
#include "napi/napi_setup.h"
#include "napi/owners_object.h"
#include "napi/owners_request.h"
#include "napi/to_js.h"
#include "napi/user_name.h"

namespace sockscope {

namespace {

// Version of what the exports take and give beside a batch's layout: src/addon/native-binding.ts, INTERFACE_VERSION.
constexpr uint32_t kInterfaceVersion = 1;

constexpr double kMostHostThreads = 256;
constexpr double kMostTrialThreads = 2048;    // libuv's pool has 1024 at the most
constexpr double kMostGroup = UINT32_MAX - 1;   // chown(2) takes the one above for "as it is"

}  // namespace

// The exports of src/addon/native-binding.ts. One object per environment; it dies with it.
class SockscopeAddon : public Napi::Addon<SockscopeAddon> {
 public:
  SockscopeAddon(Napi::Env env, Napi::Object exports)
      : dump_class_(Napi::Persistent(DumpObject::DefineClass(env))),
        owners_class_(Napi::Persistent(OwnersObject::DefineClass(env))),
        bpf_class_(Napi::Persistent(BpfObject::DefineClass(env))),
        conntrack_class_(Napi::Persistent(ConntrackObject::DefineClass(env))),
        host_lookup_class_(Napi::Persistent(HostLookupObject::DefineClass(env))),
        known_owners_class_(Napi::Persistent(KnownOwnersObject::DefineClass(env))),
        interface_class_(Napi::Persistent(InterfaceObject::DefineClass(env))) {
    DefineAddon(exports, {
                             InstanceValue("interfaceVersion", Napi::Number::New(env, kInterfaceVersion), napi_enumerable),
                             InstanceValue("layoutVersion", Napi::Number::New(env, kLayoutVersion), napi_enumerable),
                             InstanceValue("layout", LayoutToJs(env), napi_enumerable),
                             InstanceMethod<&SockscopeAddon::StartDump>("startDump", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::StartTcpWalk>("startTcpWalk", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::ReplayDump>("replayDump", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::StartOwners>("startOwners", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::StartConntrack>("startConntrack", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::MayUse>("mayUseBpf", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::LoadBpf>("loadBpf", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::NewKnownOwners>("createKnownOwners", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::ProbePinned>("probePinned", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::PinOwners>("pinOwners", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::Mount>("mountBpfFs", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::Unmount>("unmountBpfFs", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::OpenHostLookup>("openHostLookup", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::UserNameOf>("userName", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::GroupIdOf>("groupId", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::StartInterfaces>("startInterfaces", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::MayStart>("mayStartThreads", napi_enumerable),
                         });
  }

 private:
  Napi::Value StartDump(const Napi::CallbackInfo& info) {
    const ScanRequest request = ToScanRequest(info[0]);
    const Napi::Function wake = ToWake(info[1]);
    Status opened;
    auto transport = KernelTransport::Open(&opened);
    const OpenAnother open_another = [] {
      Status status;
      return KernelTransport::Open(&status);
    };
    return DumpObject::New(dump_class_,
                           ScanSession::Start(wake, request, std::move(transport), opened, open_another));
  }

  Napi::Value StartTcpWalk(const Napi::CallbackInfo& info) {
    const ScanRequest request = ToScanRequest(info[0]);
    const Napi::Function wake = ToWake(info[1]);
    auto transport = std::make_unique<TableTransport>();
    return DumpObject::New(dump_class_, ScanSession::Start(wake, request, std::move(transport), Status::Ok()));
  }

  Napi::Value ReplayDump(const Napi::CallbackInfo& info) {
    const ScanRequest request = ToScanRequest(info[0]);
    auto transport = std::make_unique<ReplayTransport>(ToDatagrams(info[1]));
    const Napi::Function wake = ToWake(info[2]);
    return DumpObject::New(dump_class_, ScanSession::Start(wake, request, std::move(transport), Status::Ok()));
  }

  Napi::Value StartOwners(const Napi::CallbackInfo& info) {
    OwnersRequest request = ToOwnersRequest(info[0]);
    const Napi::Function wake = ToWake(info[1]);
    auto session = OwnerSession::Start(wake, std::move(request.walk), std::move(request.question));
    return OwnersObject::New(owners_class_, std::move(session));
  }

  Napi::Value StartConntrack(const Napi::CallbackInfo& info) {
    const auto max_bytes = size_t(ToWhole(info[0], "maxBytes", 0, kMostSafe));
    const Napi::Function wake = ToWake(info[1]);
    Status opened;
    auto transport = KernelTransport::Open(NETLINK_NETFILTER, "socket NETLINK_NETFILTER", &opened);
    return ConntrackObject::New(conntrack_class_,
                                ConntrackSession::Start(wake, std::move(transport), opened, max_bytes));
  }

  Napi::Value MayUse(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), MayUseBpf()); }

  Napi::Value LoadBpf(const Napi::CallbackInfo& info) {
    return BpfObject::New(bpf_class_, BpfLoad::Start(ToWake(info[0])));
  }

  Napi::Value NewKnownOwners(const Napi::CallbackInfo&) { return known_owners_class_.New({}); }

  Napi::Value ProbePinned(const Napi::CallbackInfo& info) {
    return ToJs(info.Env(), ProbePinnedOwners(ToPath(info[0], "path")));
  }

  Napi::Value PinOwners(const Napi::CallbackInfo& info) {
    const std::string path = ToPath(info[0], "path");
    const auto gid = uint32_t(ToWhole(info[1], "gid", 0, kMostGroup));
    Status loaded;
    const auto owners = BpfOwners::Load(&loaded);
    return ToJs(info.Env(), owners == nullptr ? loaded : owners->Pin(path, gid));
  }

  Napi::Value Mount(const Napi::CallbackInfo& info) {
    return ToJs(info.Env(), MountBpfFs(ToPath(info[0], "directory")));
  }

  Napi::Value Unmount(const Napi::CallbackInfo& info) {
    return ToJs(info.Env(), UnmountBpfFs(ToPath(info[0], "directory")));
  }

  Napi::Value OpenHostLookup(const Napi::CallbackInfo& info) {
    const int threads = int(ToWhole(info[0], "threads", 1, kMostHostThreads));
    return HostLookupObject::New(host_lookup_class_, HostSession::Start(ToWake(info[1]), threads));
  }

  Napi::Value UserNameOf(const Napi::CallbackInfo& info) {
    const auto name = UserName(uid_t(ToWhole(info[0], "uid", 0, UINT32_MAX)));
    if (!name) return info.Env().Undefined();
    return Napi::String::New(info.Env(), *name);
  }

  Napi::Value GroupIdOf(const Napi::CallbackInfo& info) {
    const auto gid = GroupId(ToText(info[0], "name"));
    if (!gid) return info.Env().Undefined();
    return Napi::Number::New(info.Env(), *gid);
  }

  Napi::Value StartInterfaces(const Napi::CallbackInfo& info) {
    DeviceQuestion question = ToDeviceQuestion(info[0], info[1]);
    return InterfaceObject::New(interface_class_, InterfaceSession::Start(ToWake(info[2]), std::move(question)));
  }

  Napi::Value MayStart(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), MayStartThreads(int(ToWhole(info[0], "threads", 0, kMostTrialThreads))));
  }

  Napi::FunctionReference dump_class_;
  Napi::FunctionReference owners_class_;
  Napi::FunctionReference bpf_class_;
  Napi::FunctionReference conntrack_class_;
  Napi::FunctionReference host_lookup_class_;
  Napi::FunctionReference known_owners_class_;
  Napi::FunctionReference interface_class_;
};

}  // namespace sockscope

using sockscope::SockscopeAddon;
NODE_API_ADDON(SockscopeAddon)
