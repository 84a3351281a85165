// hnswlib-node's own source, compiled for this machine, as a module that says so: `tuning` holds the compiler's flags.
#include <napi.h>
#undef NODE_API_MODULE
#define NODE_API_MODULE(name, init)
#include "addon.cc"

// Without what it was compiled for, a processor would stop the whole process at the first search.
static bool FitsProcessor() {
#if defined(__AVX512F__)
  return __builtin_cpu_supports("avx512f");
#elif defined(__AVX2__)
  return __builtin_cpu_supports("avx2");
#else
  return true;
#endif
}

static Napi::Object InitTuned(Napi::Env env, Napi::Object exports) {
  if (!FitsProcessor()) {
    Napi::Error::New(env, "hnswlib-node was tuned for another processor; undo it with: npm run tune -- --undo")
      .ThrowAsJavaScriptException();
    return exports;
  }
  Init(env, exports);
  exports.Set("tuning", KINDRED_TUNING);
  return exports;
}

static napi_value Register(napi_env env, napi_value exports) {
  return Napi::RegisterModule(env, exports, InitTuned);
}
NAPI_MODULE(addon, Register)
