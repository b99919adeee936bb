#include "napi/arguments.h"

#include <cmath>

namespace sockscope {

void Reject(Napi::Env env, const std::string& message) { throw Napi::TypeError::New(env, message); }

double ToWhole(Napi::Value value, const char* name, double least, double most) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
  if (number >= least && number <= most && number == std::floor(number)) return number;
  Reject(value.Env(), std::string(name) + " must be a whole number from " + std::to_string(uint64_t(least)) + " to " +
                          std::to_string(uint64_t(most)));
}

bool ToFlag(Napi::Value value, const char* name) {
  if (!value.IsBoolean()) Reject(value.Env(), std::string(name) + " must be a boolean");
  return value.As<Napi::Boolean>().Value();
}

Priority ToPriority(Napi::Value value) {
  if (value.IsUndefined()) return Priority::kNormal;
  const std::string word = value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
  if (word == "low") return Priority::kLow;
  if (word != "normal") Reject(value.Env(), "priority must be 'normal' or 'low'");
  return Priority::kNormal;
}

std::string ToText(Napi::Value value, const char* name) {
  if (!value.IsString()) Reject(value.Env(), std::string(name) + " must be a string");
  return value.As<Napi::String>().Utf8Value();
}

std::string ToPath(Napi::Value value, const char* name) {
  std::string path = ToText(value, name);
  if (path.empty() || path.find('\0') != std::string::npos) {
    Reject(value.Env(), std::string(name) + " must be a path, without a NUL");
  }
  return path;
}

std::vector<uint32_t> ToUint32s(Napi::Value value, const char* name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array) {
    Reject(value.Env(), std::string(name) + " must be a Uint32Array");
  }
  const auto words = value.As<Napi::Uint32Array>();
  return {words.Data(), words.Data() + words.ElementLength()};
}

Napi::Function ToWake(Napi::Value value) {
  if (!value.IsFunction()) Reject(value.Env(), "wake must be a function");
  return value.As<Napi::Function>();
}

}  // namespace sockscope
