#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

// What the thread sanitizer does not know on Linux, told to it. Loaded before everything else, this stands in for
// functions of libraries that were compiled without it; nothing of what it finds is suppressed.

// MARK: Threads of C

// It knows what POSIX has for threads alone: a thread that C's own function has made crashes in it, and locks of C
// order nothing. Those of librdkafka are of this kind.

struct start {
  thrd_start_t function;
  void *argument;
};

static void *run(void *pointer) {
  struct start start = *(struct start *)pointer;
  free(pointer);
  return (void *)(intptr_t)start.function(start.argument);
}

static int outcome(int error) {
  return error == 0 ? thrd_success : error == ETIMEDOUT ? thrd_timedout : thrd_error;
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument) {
  struct start *start = malloc(sizeof *start);
  if (!start) return thrd_nomem;
  *start = (struct start){function, argument};
  int error = pthread_create(thread, NULL, run, start);
  if (error) free(start);
  return outcome(error);
}

int thrd_join(thrd_t thread, int *result) {
  void *value = NULL;
  int error = pthread_join(thread, &value);
  if (result) *result = (int)(intptr_t)value;
  return outcome(error);
}

// glibc's objects of C are its objects of POSIX by another name.
#define MUTEX(mutex) ((pthread_mutex_t *)(mutex))
#define CONDITION(condition) ((pthread_cond_t *)(condition))

int mtx_lock(mtx_t *mutex) { return outcome(pthread_mutex_lock(MUTEX(mutex))); }
int mtx_unlock(mtx_t *mutex) { return outcome(pthread_mutex_unlock(MUTEX(mutex))); }
void mtx_destroy(mtx_t *mutex) { pthread_mutex_destroy(MUTEX(mutex)); }

int cnd_signal(cnd_t *condition) { return outcome(pthread_cond_signal(CONDITION(condition))); }
int cnd_broadcast(cnd_t *condition) { return outcome(pthread_cond_broadcast(CONDITION(condition))); }
void cnd_destroy(cnd_t *condition) { pthread_cond_destroy(CONDITION(condition)); }
int cnd_wait(cnd_t *condition, mtx_t *mutex) {
  return outcome(pthread_cond_wait(CONDITION(condition), MUTEX(mutex)));
}
int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict end) {
  return outcome(pthread_cond_timedwait(CONDITION(condition), MUTEX(mutex), end));
}

// MARK: The Mutex of Swift's standard library

// Its quick ways are compiled into whoever uses it, where the sanitizer sees them. The slow ones, for a lock that
// another thread holds or waits for, are in the library, and change the futex by system calls.

// They are there in programs that were built with the sanitizer alone.
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF void *handle) __asm__(LOCK);
SWIFT _Bool try_lock_slow(SELF void *handle) __asm__(TRY_LOCK);
SWIFT void unlock_slow(SELF void *handle) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF void *handle) {
  SWIFT void (*real)(uint32_t, SELF void *) = dlsym(RTLD_NEXT, LOCK);
  real(thread, handle);
  if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT _Bool try_lock_slow(SELF void *handle) {
  SWIFT _Bool (*real)(SELF void *) = dlsym(RTLD_NEXT, TRY_LOCK);
  _Bool locked = real(handle);
  if (locked && __tsan_acquire) __tsan_acquire(handle);
  return locked;
}

SWIFT void unlock_slow(SELF void *handle) {
  SWIFT void (*real)(SELF void *) = dlsym(RTLD_NEXT, UNLOCK);
  if (__tsan_release) __tsan_release(handle);
  real(handle);
}
