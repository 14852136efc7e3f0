/* Where there is no libFuzzer: runs a fuzz target over files, so that seeds
 * and found inputs are tests of every build.
 * usage: fuzz_TARGET FILE|FOLDER… */
#include "tests/fuzz/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int run_file(const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *in = fopen(path, "re");
    FILE *out = open_memstream(&bytes, &size);

    if (!in || !out) {
        perror(path);
        return 0;
    }
    for (int c; (c = getc(in)) != EOF;)
        putc(c, out);
    fclose(in);
    FUZZ_CHECK(fclose(out) == 0);
    char *copy = fuzz_copy(bytes, size);
    free(bytes);
    /* A target that ends the process leaves the name as its last word. */
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput((const uint8_t *)copy, size);
    free(copy);
    return 1;
}

static int run_folder(const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    int ran = 0;

    for (int i = 0; i < count; i++) {
        char *file = NULL;
        if (entries[i]->d_name[0] != '.' &&
            asprintf(&file, "%s/%s", path, entries[i]->d_name) > 0) {
            ran += run_file(file);
            free(file);
        }
        free(entries[i]);
    }
    free(entries);
    return ran;
}

int main(int argc, char **argv)
{
    int ran = 0;

    for (int i = 1; i < argc; i++) {
        struct stat status;
        bool folder = stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode);
        ran += folder ? run_folder(argv[i]) : run_file(argv[i]);
    }
    fprintf(stderr, "%s: %d inputs, every rule held\n", argv[0], ran);
    return ran > 0 ? 0 : 2;
}
