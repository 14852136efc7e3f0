/* The files that operators name and get: what is read, and when what was
 * written is on the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "publisher/files.h"
#include "tests/support/folder.h"

enum { PATIENCE_S = 60 };

struct drawer {
    char *folder, *file;
};

static int open_drawer(void **state)
{
    static struct drawer drawer;

    drawer.folder = folder_make();
    drawer.file = folder_path(drawer.folder, "file");
    *state = &drawer;
    return 0;
}

static int close_drawer(void **state)
{
    struct drawer *drawer = *state;

    folder_remove(drawer->folder);
    free(drawer->folder);
    free(drawer->file);
    return 0;
}

static void a_pipe_is_refused_and_not_waited_for(void **state)
{
    struct drawer *drawer = *state;
    struct problem problem = {0};
    size_t bytes;

    assert_int_equal(mkfifo(drawer->file, 0600), 0);
    alarm(PATIENCE_S);
    assert_null(file_read(drawer->file, 100, &bytes, &problem));
    assert_string_equal(problem.expected, "not a file");
    assert_null(file_read_secret(drawer->file, &problem));
    assert_string_equal(problem.expected, "not a file");
    alarm(0);
}

#define DRAWER_TEST(name)                                                      \
    cmocka_unit_test_setup_teardown(name, open_drawer, close_drawer)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DRAWER_TEST(a_pipe_is_refused_and_not_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
