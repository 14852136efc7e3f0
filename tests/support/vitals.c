/* Reads /proc/PID. */
#include "tests/support/vitals.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static FILE *open_of(pid_t pid, const char *name)
{
    char path[400];

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return fopen(path, "re");
}

static int count_files(pid_t pid)
{
    char path[64];
    int count = 0;
    const struct dirent *entry;

    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder)) != NULL)
        count += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return count;
}

/* Fields 10, 12, 14 and 15 of stat, behind the name in its brackets. */
static void read_stat(pid_t pid, struct vitals *out)
{
    FILE *file = open_of(pid, "stat");
    char line[1024] = "";
    unsigned long user = 0, system = 0;
    long minor = 0, major = 0;

    if (file && fgets(line, sizeof line, file)) {
        const char *rest = strrchr(line, ')');
        if (rest)
            sscanf(rest,
                   ") %*c %*d %*d %*d %*d %*d %*u %ld %*u %ld %*u %lu %lu",
                   &minor, &major, &user, &system);
    }
    if (file)
        fclose(file);
    out->touched = minor + major;
    out->cpu_ms = 1e3 * (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static long count_wake_ups(pid_t pid)
{
    char path[64], name[320], line[256];
    long all = 0;
    const struct dirent *entry;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder)) != NULL) {
        snprintf(name, sizeof name, "task/%s/status", entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : open_of(pid, name);
        long count = 0;
        while (file && fgets(line, sizeof line, file))
            sscanf(line, "voluntary_ctxt_switches: %ld", &count);
        if (file)
            fclose(file);
        all += count;
    }
    if (folder)
        closedir(folder);
    return all;
}

bool vitals_read(pid_t pid, struct vitals *out)
{
    FILE *file = open_of(pid, "status");
    char line[256];

    if (!file)
        return false;
    *out = (struct vitals){.files = count_files(pid),
                           .wake_ups = count_wake_ups(pid)};
    read_stat(pid, out);
    while (fgets(line, sizeof line, file)) {
        sscanf(line, "VmRSS: %ld", &out->resident_kib);
        sscanf(line, "VmHWM: %ld", &out->peak_kib);
        sscanf(line, "Threads: %d", &out->threads);
    }
    fclose(file);
    return out->resident_kib > 0; /* one that ended has no memory */
}
