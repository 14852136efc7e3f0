/* Reads the kernel's files about the board. */
#include "display/edge/app/machine.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/files.h"
#include "base/translate.h"

#define ZONES "/sys/class/thermal"
/* The firmware of a Raspberry Pi: bits of what is so now, and from bit 16 on of
 * what was so since the start. */
#define PI_THROTTLED "/sys/devices/platform/soc/soc:firmware/get_throttled"
#define PI_MODEL "/proc/device-tree/model"

/* False: no such file, or it is empty. */
static bool read_line(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "re");
    bool read = file && fgets(out, (int)size, file);

    if (file)
        fclose(file);
    if (read)
        out[strcspn(out, "\n")] = '\0';
    return read && out[0];
}

static int64_t read_resident_bytes(void)
{
    char line[128];
    long pages = 0;

    if (!read_line("/proc/self/statm", line, sizeof line) ||
        sscanf(line, "%*s %ld", &pages) != 1)
        return 0;
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static int64_t read_free_bytes(void)
{
    FILE *file = fopen("/proc/meminfo", "re");
    char line[128];
    long long kib = 0;

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %lld kB", &kib) == 1)
            break;
    if (file)
        fclose(file);
    return (int64_t)kib * 1024;
}

static int64_t read_disk_bytes(const char *store_file)
{
    char *folder = store_file[0] ? file_folder(store_file) : NULL;
    struct statvfs disk;
    bool known = folder && statvfs(folder, &disk) == 0;

    free(folder);
    return known ? (int64_t)(disk.f_bavail * disk.f_frsize) : 0;
}

/* A sensor gives thousandths of a degree. */
static int read_temperature(void)
{
    DIR *zones = opendir(ZONES);
    const struct dirent *zone;
    char path[320], line[32];
    int hottest = 0;

    while (zones && (zone = readdir(zones))) {
        snprintf(path, sizeof path, ZONES "/%s/temp", zone->d_name);
        if (strncmp(zone->d_name, "thermal_zone", 12) != 0 ||
            !read_line(path, line, sizeof line))
            continue;
        long degrees = (strtol(line, NULL, 10) + 500) / 1000;
        if (degrees > hottest && degrees < 200)
            hottest = (int)degrees;
    }
    if (zones)
        closedir(zones);
    return hottest;
}

static void read_throttled(char out[MACHINE_THROTTLED_BYTES])
{
    static const char *const words[] = {N_("under-voltage"),
                                        N_("frequency capped"), N_("throttled"),
                                        N_("too warm")};
    unsigned long bits = 0;
    size_t used = 0;
    char line[32];

    out[0] = '\0';
    if (read_line(PI_THROTTLED, line, sizeof line))
        bits = strtoul(line, NULL, 16);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (bits >> i & 1)
            used += (size_t)snprintf(out + used, MACHINE_THROTTLED_BYTES - used,
                                     "%s%s", used > 0 ? tr(", ") : "",
                                     tr(words[i]));
}

void machine_read(const char *store_file, struct machine_vitals *out)
{
    *out = (struct machine_vitals){
        .resident_bytes = read_resident_bytes(),
        .memory_free_bytes = read_free_bytes(),
        .disk_free_bytes = read_disk_bytes(store_file),
        .temperature_c = read_temperature(),
    };
    read_throttled(out->throttled);
}

void machine_describe(char out[MACHINE_SYSTEM_BYTES])
{
    struct utsname names;
    char model[64] = "";

    out[0] = '\0';
    if (uname(&names) != 0)
        return;
    read_line(PI_MODEL, model, sizeof model);
    snprintf(out, MACHINE_SYSTEM_BYTES, "%.16s %.40s %.16s%s%.40s",
             names.sysname, names.release, names.machine, model[0] ? ", " : "",
             model);
}
