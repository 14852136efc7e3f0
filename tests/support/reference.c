/* Compares draw lists with the text that was kept of them. */
#include "tests/support/reference.h"

#include "source_dir.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATH_BYTES = 160 };

static char *print_lists(const struct draw_list *lists, size_t count,
                         size_t pages)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "page %zu of %zu\n", i + 1, pages);
        draw_list_print(&lists[i], out);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static void write_reference(const char *path, const char *drawn)
{
    char whole[sizeof GAOSHI_SOURCE_DIR + PATH_BYTES];
    snprintf(whole, sizeof whole, "%s/%s", GAOSHI_SOURCE_DIR, path);
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    assert_true(fputs(drawn, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

void reference_compare(const char *name, const struct draw_list *lists,
                       size_t count, size_t pages, bool update)
{
    char path[PATH_BYTES];
    char *drawn = print_lists(lists, count, pages);
    snprintf(path, sizeof path, "tests/layouts/%s.txt", name);
    if (update)
        write_reference(path, drawn);
    char *kept = source_read(path, NULL);
    if (strcmp(kept, drawn) != 0)
        fail_msg("%s is no longer what is drawn; look at the page, then run "
                 "the test with --update",
                 path);
    free(kept);
    free(drawn);
}
