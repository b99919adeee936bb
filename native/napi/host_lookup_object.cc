#include "napi/host_lookup_object.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

#include "napi/arguments.h"

namespace sockscope {

namespace {

// An address for JavaScript: its family, its bytes.
constexpr size_t kAddressBytes = 17;

std::vector<HostAddress> ToAddresses(Napi::Value value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    Reject(value.Env(), "addresses must be a Uint8Array");
  }
  const auto array = value.As<Napi::Uint8Array>();
  if (array.ElementLength() % kAddressBytes != 0) Reject(value.Env(), "addresses must have 17 bytes each");
  std::vector<HostAddress> addresses(array.ElementLength() / kAddressBytes);
  const uint8_t* next = array.Data();
  for (HostAddress& address : addresses) {
    address.family = *next++;
    if (address.family != AF_INET && address.family != AF_INET6) {
      Reject(value.Env(), "addresses must be of the families 2 and 10");
    }
    std::copy_n(next, address.bytes.size(), address.bytes.begin());
    next += address.bytes.size();
  }
  return addresses;
}

}  // namespace

Napi::Function HostLookupObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(env, "NativeHostLookup",
                                 {
                                     InstanceMethod<&HostLookupObject::Ask>("ask"),
                                     InstanceMethod<&HostLookupObject::Take>("take"),
                                     InstanceMethod<&HostLookupObject::Close>("close"),
                                 });
}

void HostLookupObject::Ask(const Napi::CallbackInfo& info) { session().Ask(ToAddresses(info[0])); }

Napi::Value HostLookupObject::Take(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::list<HostAnswer> answers = session().Take();
  auto addresses = Napi::Uint8Array::New(env, answers.size() * kAddressBytes);
  auto names = Napi::Array::New(env, answers.size());
  uint8_t* next = addresses.Data();
  uint32_t index = 0;
  for (const auto& [address, name, asked] : answers) {
    *next++ = address.family;
    next = std::copy(address.bytes.begin(), address.bytes.end(), next);
    napi_value text = asked ? env.Undefined() : env.Null();
    // One character a byte: a name is of no encoding.
    if (name && napi_create_string_latin1(env, name->data(), name->size(), &text) != napi_ok) {
      throw Napi::Error::New(env);
    }
    names.Set(index++, Napi::Value(env, text));
  }
  auto taken = Napi::Object::New(env);
  taken.Set("addresses", addresses);
  taken.Set("names", names);
  return taken;
}

void HostLookupObject::Close(const Napi::CallbackInfo&) { session().Cancel(); }

}  // namespace sockscope
