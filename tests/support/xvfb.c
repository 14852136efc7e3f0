/* Starts Xvfb with its screen in a mapped file (-fbdir): an XWD header, then
 * the pixels that the server itself draws into. */
#include "tests/support/xvfb.h"

#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Places in the XWD header (X11/XWDFile.h), in words of 32 bits, big-endian. */
enum {
    XWD_HEADER_BYTES = 0,
    XWD_WIDTH = 4,
    XWD_HEIGHT = 5,
    XWD_BITS_PER_PIXEL = 11,
    XWD_LINE_BYTES = 12,
    XWD_COLOURS = 19,
    XWD_WORDS = 25,
    XWD_COLOUR_BYTES = 12,
};

struct xvfb {
    pid_t pid;
    char *folder;
    char name[16];
    int width, height;
    void *file;
    size_t file_bytes;
    const volatile uint32_t *pixels;
    size_t line_words;
};

bool xvfb_is_installed(void)
{
    return system("command -v Xvfb >/dev/null 2>&1") == 0;
}

/* A line, or what there is at the limit: Xvfb writes the number and the end
 * of the line one after the other, and dies when nobody reads the second. */
static bool read_line(int fd, char *out, size_t size)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    size_t length = 0;

    while (length + 1 < size && poll(&ready, 1, PROCESS_LIMIT_MS) == 1 &&
           read(fd, out + length, 1) == 1) {
        if (out[length] == '\n')
            return true;
        length++;
    }
    return false;
}

/* Xvfb chooses a free number itself and writes it when it accepts. */
static bool launch(struct xvfb *xvfb)
{
    char number[16] = "", word[16], screen[32];
    const char *const words[] = {"Xvfb",   "-displayfd", word,        "-screen",
                                 "0",      screen,       "-nolisten", "tcp",
                                 "-fbdir", xvfb->folder, NULL};
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    snprintf(word, sizeof word, "%d", ends[1]);
    snprintf(screen, sizeof screen, "%dx%dx24", xvfb->width, xvfb->height);
    xvfb->pid = process_start(words, "/dev/null", ends[1]);
    close(ends[1]);
    bool told = read_line(ends[0], number, sizeof number);
    close(ends[0]);
    snprintf(xvfb->name, sizeof xvfb->name, ":%d", atoi(number));
    return told && setenv("DISPLAY", xvfb->name, 1) == 0 &&
           unsetenv("WAYLAND_DISPLAY") == 0;
}

static uint32_t header_word(const struct xvfb *xvfb, int place)
{
    return ntohl(((const uint32_t *)xvfb->file)[place]);
}

static bool find_pixels(struct xvfb *xvfb)
{
    if (xvfb->file_bytes < XWD_WORDS * sizeof(uint32_t))
        return false;
    size_t line = header_word(xvfb, XWD_LINE_BYTES);
    size_t begin = header_word(xvfb, XWD_HEADER_BYTES) +
                   (size_t)header_word(xvfb, XWD_COLOURS) * XWD_COLOUR_BYTES;
    bool expected = header_word(xvfb, XWD_WIDTH) == (uint32_t)xvfb->width &&
                    header_word(xvfb, XWD_HEIGHT) == (uint32_t)xvfb->height &&
                    header_word(xvfb, XWD_BITS_PER_PIXEL) == 32;
    if (!expected || begin % 4 != 0 || line % 4 != 0 ||
        begin + line * (size_t)xvfb->height > xvfb->file_bytes)
        return false;
    xvfb->pixels = (const volatile uint32_t *)xvfb->file + begin / 4;
    xvfb->line_words = line / 4;
    return true;
}

static bool map(struct xvfb *xvfb)
{
    char *path = folder_path(xvfb->folder, "Xvfb_screen0");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    struct stat status;

    free(path);
    if (fd < 0)
        return false;
    if (fstat(fd, &status) == 0)
        xvfb->file_bytes = (size_t)status.st_size;
    xvfb->file = mmap(NULL, xvfb->file_bytes, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    return xvfb->file != MAP_FAILED && find_pixels(xvfb);
}

struct xvfb *xvfb_start(int width_px, int height_px)
{
    struct xvfb *xvfb = calloc(1, sizeof *xvfb);

    if (!xvfb)
        return NULL;
    xvfb->file = MAP_FAILED;
    xvfb->width = width_px;
    xvfb->height = height_px;
    xvfb->folder = folder_make();
    if (xvfb->folder && launch(xvfb) && map(xvfb))
        return xvfb;
    xvfb_destroy(xvfb);
    return NULL;
}

void xvfb_destroy(struct xvfb *xvfb)
{
    if (!xvfb)
        return;
    if (xvfb->file != MAP_FAILED)
        munmap(xvfb->file, xvfb->file_bytes);
    process_stop(xvfb->pid);
    folder_remove(xvfb->folder);
    free(xvfb->folder);
    free(xvfb);
}

const char *xvfb_name(const struct xvfb *xvfb)
{
    return xvfb->name;
}

pid_t xvfb_pid(const struct xvfb *xvfb)
{
    return xvfb->pid;
}

uint32_t xvfb_pixel(const struct xvfb *xvfb, int x, int y)
{
    return xvfb->pixels[(size_t)y * xvfb->line_words + (size_t)x] & 0xFFFFFF;
}

void xvfb_copy(const struct xvfb *xvfb, uint32_t *out)
{
    for (int y = 0; y < xvfb->height; y++) {
        for (int x = 0; x < xvfb->width; x++)
            *out++ = xvfb_pixel(xvfb, x, y);
    }
}
