#pragma once

#include <cstdint>
#include <vector>

#include "core/columns.h"
#include "core/scan.h"
#include "napi/napi_setup.h"

namespace sockscope {

// Between the core's values and those of src/addon/native-binding.ts. All of these throw Napi::Error: a TypeError
// that names the field where JavaScript gave a wrong one.

ScanRequest ToScanRequest(Napi::Value value);
std::vector<std::vector<uint8_t>> ToDatagrams(Napi::Value value);
Napi::Function ToWake(Napi::Value value);
// A whole number of `least` to `most`, both included.
double ToWhole(Napi::Value value, const char* name, double least, double most);

// Copies the batch into a buffer that V8 owns.
Napi::Object ToJs(Napi::Env env, const Batch& batch);
Napi::Object ToJs(Napi::Env env, const Status& status, const ScanTally& tally);
Napi::Array LayoutToJs(Napi::Env env);

}  // namespace sockscope
