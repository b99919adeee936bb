#include "napi/interface_object.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "napi/arguments.h"
#include "napi/to_js.h"

namespace sockscope {

namespace {

// A device's row of numbers: DEVICE_NUMBERS of src/addon/native-interfaces.ts, in its order.
auto NumbersOf(const DeviceState& device) {
  return std::array<double, 12>{
      double(device.error),         double(device.index),   double(device.flags),
      double(device.hardware_type), double(device.mtu),     double(device.tx_queue_length),
      double(device.base_address),  double(device.irq),     double(device.dma),
      double(device.port),          double(device.outfill), double(device.keepalive),
  };
}

// ADDRESS_NUMBERS of src/addon/native-interfaces.ts, in its order.
auto NumbersOf(const DeviceAddress& address) {
  return std::array<double, 6>{
      double(address.device),  double(address.told),      double(address.address),
      double(address.netmask), double(address.broadcast), double(address.destination),
  };
}

template <typename Row>
Napi::Float64Array RowsToJs(Napi::Env env, const std::vector<Row>& rows) {
  constexpr size_t kWidth = std::tuple_size_v<decltype(NumbersOf(std::declval<const Row&>()))>;
  auto numbers = Napi::Float64Array::New(env, rows.size() * kWidth);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row = NumbersOf(rows[i]);
    std::copy(row.begin(), row.end(), numbers.Data() + i * kWidth);
  }
  return numbers;
}

Napi::Uint8Array BytesToJs(Napi::Env env, const std::string& bytes) {
  auto array = Napi::Uint8Array::New(env, bytes.size());
  std::copy(bytes.begin(), bytes.end(), array.Data());
  return array;
}

std::vector<std::string> ToNames(Napi::Value value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    Reject(value.Env(), "names must be a Uint8Array");
  }
  const auto bytes = value.As<Napi::Uint8Array>();
  std::vector<std::string> names;
  const uint8_t* const end = bytes.Data() + bytes.ElementLength();
  for (const uint8_t* start = bytes.Data(); start != end;) {
    const uint8_t* const stop = std::find(start, end, uint8_t{0});
    names.emplace_back(start, stop);
    start = stop == end ? end : stop + 1;
  }
  return names;
}

// Some drivers tell addresses of the kernel's, which no double has room for.
Napi::BigUint64Array MemoryToJs(Napi::Env env, const std::vector<DeviceState>& devices) {
  auto memory = Napi::BigUint64Array::New(env, devices.size() * 2);
  uint64_t* next = memory.Data();
  for (const DeviceState& device : devices) {
    *next++ = device.memory_start;
    *next++ = device.memory_end;
  }
  return memory;
}

}  // namespace

DeviceQuestion ToDeviceQuestion(Napi::Value names, Napi::Value addresses) {
  DeviceQuestion question;
  question.names = ToNames(names);
  const std::string which = addresses.IsString() ? addresses.As<Napi::String>().Utf8Value() : std::string();
  if (which != "first" && which != "all") Reject(addresses.Env(), "addresses must be 'first' or 'all'");
  question.all_addresses = which == "all";
  return question;
}

Napi::Function InterfaceObject::DefineClass(Napi::Env env) {
  return ObjectWrap::DefineClass(env, "NativeInterfaces",
                                 {InstanceMethod<&InterfaceObject::End>("end"),
                                  InstanceMethod<&InterfaceObject::Cancel>("cancel")});
}

InterfaceObject::InterfaceObject(const Napi::CallbackInfo& info)
    : SessionObject(info, "interfaces are asked for by startInterfaces") {}

Napi::Value InterfaceObject::End(const Napi::CallbackInfo& info) {
  const DeviceList* const list = session().Answer();
  if (list == nullptr) return info.Env().Undefined();
  std::string names;
  std::string hardware;
  for (const DeviceState& device : list->devices) {
    names.append(device.name).push_back('\0');
    hardware.append(device.hardware_address.begin(), device.hardware_address.end());
  }
  Napi::Object end = ToJs(info.Env(), list->status);
  end.Set("listErrno", double(list->list_error));
  end.Set("inet", list->inet);
  end.Set("names", BytesToJs(info.Env(), names));
  end.Set("hardwareAddresses", BytesToJs(info.Env(), hardware));
  end.Set("memory", MemoryToJs(info.Env(), list->devices));
  end.Set("devices", RowsToJs(info.Env(), list->devices));
  end.Set("addresses", RowsToJs(info.Env(), list->addresses));
  return end;
}

void InterfaceObject::Cancel(const Napi::CallbackInfo&) { session().Cancel(); }

}  // namespace sockscope
