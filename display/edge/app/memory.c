/* Sorts the kernel's list of mappings (/proc/self/smaps) by the names of files;
 * what has no name is parted by what the program knows of itself. */
#include "display/edge/app/memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/language.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "display/edge/store/store.h"

enum {
    LARGE_PAGE_BYTES = 2 * 1024 * 1024,
    /* What the heap of a display has in use once its first page stands. */
    HEAP_BYTES = 2 * LARGE_PAGE_BYTES,
    /* Afterwards it grows by this. */
    HEAP_STEP_BYTES = 256 * 1024,
    /* What is larger is mapped by itself and given back when it is freed. The C
     * library would raise this limit with the first layer of pixels that is
     * freed, and keep the next ones in the heap. */
    MAPPED_BYTES = 128 * 1024,
};

enum part {
    PART_FONTS,
    PART_ICU,
    PART_SQLITE,
    PART_WINDOW,
    PART_LINE,
    PART_OWN,
    PART_LIBRARIES,
    PART_UNNAMED, /* heap, stacks, anonymous mappings */
    PART_COUNT
};

static const char *const names[PART_COUNT] = {
    [PART_FONTS] = "font files, mapped",
    [PART_ICU] = "ICU",
    [PART_SQLITE] = "SQLite's code",
    [PART_WINDOW] = "window: SDL, X11, Wayland, shared pixels",
    [PART_LINE] = "line: MQTT and TLS",
    [PART_OWN] = "the program itself",
    [PART_LIBRARIES] = "other libraries",
};

/* The first word that is in a mapping's name says its part. */
static const struct {
    const char *word;
    enum part part;
} words[] = {
    {".ttc", PART_FONTS},
    {".ttf", PART_FONTS},
    {".otf", PART_FONTS},
    {".otb", PART_FONTS},
    {"libicu", PART_ICU},
    {"libsqlite", PART_SQLITE},
    {"libSDL2", PART_WINDOW},
    {"libX", PART_WINDOW},
    {"libxcb", PART_WINDOW},
    {"libwayland", PART_WINDOW},
    {"SYSV", PART_WINDOW},
    {"libpaho", PART_LINE},
    {"libssl", PART_LINE},
    {"libcrypto", PART_LINE},
    {"gaoshi-display", PART_OWN},
    {".so", PART_LIBRARIES},
};

void memory_prepare(void)
{
    enum { FIRST_BYTES = 256 * 1024, HEAD_BYTES = 4096 };
    uintptr_t mask = LARGE_PAGE_BYTES - 1, end = (uintptr_t)sbrk(0);

    mallopt(M_MMAP_THRESHOLD, HEAP_BYTES);
    mallopt(M_TRIM_THRESHOLD, HEAP_BYTES + LARGE_PAGE_BYTES);
    mallopt(M_TOP_PAD, HEAP_BYTES + HEAD_BYTES);
    /* The heap goes on a little before a large page may begin: it writes to the
     * head of what it has free, and what was written to stays in small pages.
     */
    sbrk((intptr_t)(-(end + FIRST_BYTES + HEAD_BYTES) & mask));
    char *first = malloc(FIRST_BYTES); /* more than it has left: it grows */
    uintptr_t begin = ((uintptr_t)first + FIRST_BYTES + mask) & ~mask;
    madvise((void *)begin, HEAP_BYTES, MADV_HUGEPAGE);
    free(first);
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
    mallopt(M_TOP_PAD, HEAP_STEP_BYTES);
}

static enum part part_of(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(name, words[i].word))
            return words[i].part;
    }
    return PART_UNNAMED;
}

/* The sum of all; 0: the kernel does not tell. */
static long read_mappings(long kib[PART_COUNT])
{
    FILE *file = fopen("/proc/self/smaps", "re");
    char line[512], name[512] = "";
    long value, all = 0;

    while (file && fgets(line, sizeof line, file)) {
        char perms[8] = "", path[512] = "";
        if (sscanf(line, "%*x-%*x %7s %*s %*s %*s %511[^\n]", perms, path) >= 1)
            snprintf(name, sizeof name, "%s", path);
        else if (sscanf(line, "Pss: %ld", &value) == 1) {
            kib[part_of(name)] += value;
            all += value;
        }
    }
    if (file)
        fclose(file);
    return all;
}

static void print(FILE *out, const char *name, long kib)
{
    language_print(out, "%-*s %8ld KiB\n", UTF8_FIELD(tr(name), 44), kib);
}

void memory_print(const struct display *display, FILE *out)
{
    long kib[PART_COUNT] = {0};
    long all = read_mappings(kib);
    long layers = (long)(renderer_bytes(display->glass.renderer) / 1024);
    long atlas = (long)(fonts_bytes(display->glass.fonts) / 1024);
    long pages = (long)(store_memory() / 1024);

    print(out, "layers of pixels", layers);
    print(out, "atlas of glyphs", atlas);
    print(out, "SQLite's pages", pages);
    for (int i = 0; i < PART_UNNAMED; i++)
        print(out, names[i], kib[i]);
    print(out, "everything else: heap, stacks",
          kib[PART_UNNAMED] - layers - atlas - pages);
    print(out, "all (PSS)", all);
}
