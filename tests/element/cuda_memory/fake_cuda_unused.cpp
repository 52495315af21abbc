// What GStreamer's library wants to find in a driver, and the tests have no use for. Without
// NVIDIA's header, which says what these functions are given.

#define UNUSED(name)                                            \
  extern "C" __attribute__((visibility("default"))) int name(); \
  int name() {                                                  \
    return 801; /* CUDA_ERROR_NOT_SUPPORTED */                  \
  }

UNUSED(cuCtxDisablePeerAccess)
UNUSED(cuCtxEnablePeerAccess)
UNUSED(cuGLGetDevices_v2)
UNUSED(cuGraphicsGLRegisterBuffer)
UNUSED(cuGraphicsGLRegisterImage)
UNUSED(cuGraphicsMapResources)
UNUSED(cuGraphicsResourceGetMappedPointer_v2)
UNUSED(cuGraphicsResourceSetMapFlags_v2)
UNUSED(cuGraphicsSubResourceGetMappedArray)
UNUSED(cuGraphicsUnmapResources)
UNUSED(cuGraphicsUnregisterResource)
UNUSED(cuLaunchKernel)
UNUSED(cuModuleGetFunction)
UNUSED(cuModuleLoadData)
UNUSED(cuModuleUnload)
UNUSED(cuTexObjectCreate)
UNUSED(cuTexObjectDestroy)
