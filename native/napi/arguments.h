#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/thread_priority.h"
#include "napi/napi_setup.h"

namespace sockscope {

// Values that JavaScript gives, checked and copied. All of these throw Napi::Error: a TypeError that names the argument
// or field where it is a wrong one.

[[noreturn]] void Reject(Napi::Env env, const std::string& message);

// The largest number that JavaScript counts without gaps: 2^53 - 1.
inline constexpr double kMostSafe = 9007199254740991.0;

// A whole number of `least` to `most`, both included.
double ToWhole(Napi::Value value, const char* name, double least, double most);
bool ToFlag(Napi::Value value, const char* name);
// The field `priority`: 'normal' (also where it is absent) or 'low'.
Priority ToPriority(Napi::Value value);
std::string ToText(Napi::Value value, const char* name);
// A path for the kernel: text that no NUL cuts short.
std::string ToPath(Napi::Value value, const char* name);
std::vector<uint32_t> ToUint32s(Napi::Value value, const char* name);
Napi::Function ToWake(Napi::Value value);

}  // namespace sockscope
