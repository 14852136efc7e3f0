/* The wall clock of a program for tests, linked in place of the kernel's: the
 * file named by GAOSHI_FAKED_CLOCK says how many seconds it stands beside the
 * real one, and whether a time service vouches for it («-86400 0»). It is read
 * anew each time, so that the clock can jump under a running program; the
 * monotonic clock is the kernel's. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/timex.h>
#include <time.h>

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_adjtimex(struct timex *state);

static void read_file(long *beside_s, int *synchronised)
{
    const char *name = getenv("GAOSHI_FAKED_CLOCK");
    FILE *file = name ? fopen(name, "re") : NULL;

    if (!file || fscanf(file, "%ld %d", beside_s, synchronised) != 2)
        abort(); /* a test that fakes nothing proves nothing */
    fclose(file);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = __real_clock_gettime(clock, time);
    long beside_s = 0;
    int synchronised = 0;

    if (clock != CLOCK_REALTIME)
        return result;
    read_file(&beside_s, &synchronised);
    time->tv_sec += beside_s;
    return result;
}

int __wrap_adjtimex(struct timex *state)
{
    long beside_s = 0;
    int synchronised = 0;

    read_file(&beside_s, &synchronised);
    state->status = synchronised ? 0 : STA_UNSYNC;
    return synchronised ? TIME_OK : TIME_ERROR;
}
