#include "napi/bpf_object.h"

#include <string>

#include "napi/arguments.h"
#include "napi/to_js.h"

namespace sockscope {

namespace {

// What tells an object of ours from others that JavaScript may hand in: its prototype can be anybody's.
constexpr napi_type_tag kBpfTag = {0x736f636b73636f70, 0x6270662d6f776e72};

}  // namespace

Napi::Function BpfObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(
      env, "NativeBpf", {InstanceMethod<&BpfObject::End>("end"), InstanceMethod<&BpfObject::Close>("close")});
}

BpfObject::BpfObject(const Napi::CallbackInfo& info) : SessionObject(info, "an iterator is loaded by loadBpf") {
  info.This().As<Napi::Object>().TypeTag(&kBpfTag);
}

std::shared_ptr<const BpfOwners> BpfObject::Loaded(Napi::Value value, const char* name) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kBpfTag)) {
    Reject(value.Env(), std::string(name) + " must be what loadBpf has given");
  }
  BpfLoad& load = Unwrap(value.As<Napi::Object>())->session();
  std::shared_ptr<const BpfOwners> owners = load.Owners();
  if (owners != nullptr) return owners;
  const Status* outcome = load.Outcome();
  Reject(value.Env(), std::string(name) + (outcome == nullptr ? " is still being loaded"
                                           : outcome->ok()    ? " has been closed"
                                                              : " could not be loaded"));
}

Napi::Value BpfObject::End(const Napi::CallbackInfo& info) {
  const Status* outcome = session().Outcome();
  if (outcome == nullptr) return info.Env().Undefined();
  return ToJs(info.Env(), *outcome);
}

void BpfObject::Close(const Napi::CallbackInfo&) { session().Cancel(); }

}  // namespace sockscope
