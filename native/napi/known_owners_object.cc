#include "napi/known_owners_object.h"

#include <cstring>
#include <string>
#include <vector>

#include "napi/arguments.h"

namespace sockscope {

namespace {

constexpr double kMostSockets = 1 << 30;

Napi::Uint32Array ToUint32Array(Napi::Value value, const char* name) {
  if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_uint32_array) {
    return value.As<Napi::Uint32Array>();
  }
  throw Napi::TypeError::New(value.Env(), std::string(name) + " must be a Uint32Array");
}

std::span<const uint32_t> Cookies(Napi::Value value) {
  const auto cookies = ToUint32Array(value, "cookies");
  if (cookies.ElementLength() % 2 != 0) throw Napi::TypeError::New(value.Env(), "cookies must be pairs of halves");
  return {cookies.Data(), cookies.ElementLength()};
}

size_t Places(const Napi::CallbackInfo& info) { return size_t(ToWhole(info[0], "places", 1, kMostSockets)); }

}  // namespace

Napi::Function KnownOwnersObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(env, "NativeKnownOwners",
                                 {InstanceMethod<&KnownOwnersObject::BeginPoll>("beginPoll"),
                                  InstanceMethod<&KnownOwnersObject::Find>("find"),
                                  InstanceMethod<&KnownOwnersObject::Learn>("learn"),
                                  InstanceMethod<&KnownOwnersObject::Sweep>("sweep"),
                                  InstanceMethod<&KnownOwnersObject::Forget>("forget")});
}

void KnownOwnersObject::BeginPoll(const Napi::CallbackInfo& info) {
  known_.Reserve(size_t(ToWhole(info[0], "sockets", 0, kMostSockets)));
  known_.BeginPoll();
}

Napi::Value KnownOwnersObject::Find(const Napi::CallbackInfo& info) {
  const auto cookies = Cookies(info[0]);
  const size_t sockets = cookies.size() / 2;
  auto pids = Napi::Uint32Array::New(info.Env(), sockets);
  auto fds = Napi::Uint32Array::New(info.Env(), sockets);
  known_.Find(cookies, pids.Data(), fds.Data());
  auto found = Napi::Object::New(info.Env());
  found.Set("pid", pids);
  found.Set("fd", fds);
  return found;
}

void KnownOwnersObject::Learn(const Napi::CallbackInfo& info) {
  const auto cookies = Cookies(info[0]);
  const auto pids = ToUint32Array(info[1], "pids");
  const auto fds = ToUint32Array(info[2], "fds");
  if (pids.ElementLength() * 2 != cookies.size() || fds.ElementLength() * 2 != cookies.size()) {
    throw Napi::TypeError::New(info.Env(), "cookies, pids and fds must be of as many sockets");
  }
  for (size_t i = 0; i < pids.ElementLength(); ++i) {
    known_.Learn(uint64_t{cookies[2 * i + 1]} << 32 | cookies[2 * i], pids[i], fds[i]);
  }
}

Napi::Value KnownOwnersObject::Sweep(const Napi::CallbackInfo& info) {
  std::vector<KnownOwners::Slot> freed;
  const bool more = known_.Sweep(Places(info), &freed);
  auto slots = Napi::Uint32Array::New(info.Env(), freed.size() * 2);
  static_assert(sizeof(KnownOwners::Slot) == 2 * sizeof(uint32_t));
  if (!freed.empty()) std::memcpy(slots.Data(), freed.data(), freed.size() * sizeof(freed[0]));
  auto swept = Napi::Object::New(info.Env());
  swept.Set("freed", slots);
  swept.Set("more", more);
  return swept;
}

Napi::Value KnownOwnersObject::Forget(const Napi::CallbackInfo& info) {
  const auto pids = ToUint32Array(info[1], "pids");
  const bool more = known_.Forget(Places(info), {pids.Data(), pids.ElementLength()});
  return Napi::Boolean::New(info.Env(), more);
}

}  // namespace sockscope
