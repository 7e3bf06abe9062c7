/* Preloaded into PostgreSQL and the services of a test: disks that fail and are full, and clocks that are wrong, as a page of memory says. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* One for PostgreSQL's processes, one for all others; laid out as in faults.py. */
struct faults {
    int64_t clock_ahead_us;
    int64_t fsync_error;
    int64_t write_error;
    int64_t fsyncs_failed;
    int64_t writes_failed;
    int64_t clocks_read;
};

static struct faults none, *faults = &none;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FIRE_CONTROL");
    int descriptor = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return;
    void *page = mmap(NULL, 2 * sizeof(struct faults), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (page != MAP_FAILED)
        faults = (struct faults *)page + (strcmp(program_invocation_short_name, "postgres") != 0);
}

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name); real; })

static int fails(int64_t error, int64_t *count) {
    if (!error)
        return 0;
    __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
    errno = (int)error;
    return 1;
}

static int write_fails(int descriptor) {
    struct stat found;
    if (!faults->write_error || fstat(descriptor, &found) || !S_ISREG(found.st_mode))
        return 0;
    return fails(faults->write_error, &faults->writes_failed);
}

#define FSYNC(name) \
    int name(int descriptor) { \
        return fails(faults->fsync_error, &faults->fsyncs_failed) ? -1 : REAL(name)(descriptor); \
    }
FSYNC(fsync)
FSYNC(fdatasync)

#define WRITE(name, parameters, ...) \
    ssize_t name parameters { return write_fails(descriptor) ? -1 : REAL(name)(__VA_ARGS__); }
WRITE(write, (int descriptor, const void *bytes, size_t count), descriptor, bytes, count)
WRITE(pwrite, (int descriptor, const void *bytes, size_t count, off_t at), descriptor, bytes, count, at)
WRITE(pwrite64, (int descriptor, const void *bytes, size_t count, off64_t at), descriptor, bytes, count, at)
WRITE(writev, (int descriptor, const struct iovec *pieces, int count), descriptor, pieces, count)
WRITE(pwritev, (int descriptor, const struct iovec *pieces, int count, off_t at), descriptor, pieces, count, at)
WRITE(pwritev64, (int descriptor, const struct iovec *pieces, int count, off64_t at), descriptor, pieces, count, at)

#define ALLOCATE(name, offset) \
    int name(int descriptor, offset at, offset length) { \
        return write_fails(descriptor) ? errno : REAL(name)(descriptor, at, length); \
    }
ALLOCATE(posix_fallocate, off_t)
ALLOCATE(posix_fallocate64, off64_t)

static int64_t ahead(void) {
    if (faults->clock_ahead_us)
        __atomic_fetch_add(&faults->clocks_read, 1, __ATOMIC_RELAXED);
    return faults->clock_ahead_us;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = REAL(clock_gettime)(clock, now);
    if (failed || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
        return failed;
    int64_t us = (int64_t)now->tv_sec * 1000000 + now->tv_nsec / 1000 + ahead();
    now->tv_sec = us / 1000000;
    now->tv_nsec = us % 1000000 * 1000 + now->tv_nsec % 1000;
    return 0;
}

int gettimeofday(struct timeval *now, void *zone) {
    int failed = REAL(gettimeofday)(now, zone);
    int64_t us = (int64_t)now->tv_sec * 1000000 + now->tv_usec + ahead();
    now->tv_sec = us / 1000000;
    now->tv_usec = us % 1000000;
    return failed;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}
