#include "core/netlink/kernel_transport.h"
#include "core/netlink/replay_transport.h"
#include "napi/dump_object.h"
#include "napi/napi_setup.h"
#include "napi/scan_session.h"
#include "napi/to_js.h"
#include "napi/user_name.h"

namespace sockscope {

// The exports of src/addon/native-binding.ts. One object per environment; it dies with it.
class SockscopeAddon : public Napi::Addon<SockscopeAddon> {
 public:
  SockscopeAddon(Napi::Env env, Napi::Object exports) : dump_class_(Napi::Persistent(DumpObject::DefineClass(env))) {
    DefineAddon(exports, {
                             InstanceValue("layoutVersion", Napi::Number::New(env, kLayoutVersion), napi_enumerable),
                             InstanceValue("layout", LayoutToJs(env), napi_enumerable),
                             InstanceMethod<&SockscopeAddon::StartDump>("startDump", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::ReplayDump>("replayDump", napi_enumerable),
                             InstanceMethod<&SockscopeAddon::UserNameOf>("userName", napi_enumerable),
                         });
  }

 private:
  Napi::Value StartDump(const Napi::CallbackInfo& info) {
    const ScanRequest request = ToScanRequest(info[0]);
    const Napi::Function wake = ToWake(info[1]);
    Status opened;
    auto transport = KernelTransport::Open(&opened);
    return DumpObject::New(dump_class_, ScanSession::Start(wake, request, std::move(transport), opened));
  }

  Napi::Value ReplayDump(const Napi::CallbackInfo& info) {
    const ScanRequest request = ToScanRequest(info[0]);
    auto transport = std::make_unique<ReplayTransport>(ToDatagrams(info[1]));
    const Napi::Function wake = ToWake(info[2]);
    return DumpObject::New(dump_class_, ScanSession::Start(wake, request, std::move(transport), Status::Ok()));
  }

  Napi::Value UserNameOf(const Napi::CallbackInfo& info) {
    const auto name = UserName(uid_t(ToWhole(info[0], "uid", 0, UINT32_MAX)));
    if (!name) return info.Env().Undefined();
    return Napi::String::New(info.Env(), *name);
  }

  Napi::FunctionReference dump_class_;
};

}  // namespace sockscope

using sockscope::SockscopeAddon;
NODE_API_ADDON(SockscopeAddon)
