/* The files that operators name and get: what is read, and when what was
 * written is on the disk: fsync and rename are wrapped at the link. */
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

#include "base/files.h"
#include "tests/support/folder.h"

enum { PATIENCE_S = 60 };

int __real_fsync(int file);
int __wrap_fsync(int file);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

/* What was done, a letter each: a file or a folder synced, a name changed. */
static char done[32];

static void note(char letter)
{
    size_t length = strlen(done);

    assert_true(length + 1 < sizeof done);
    done[length] = letter;
}

int __wrap_fsync(int file)
{
    struct stat status;

    assert_int_equal(fstat(file, &status), 0);
    note(S_ISDIR(status.st_mode) ? 'd' : 'f');
    return __real_fsync(file);
}

int __wrap_rename(const char *from, const char *to)
{
    note('r');
    return __real_rename(from, to);
}

struct drawer {
    char *folder, *file;
};

static int open_drawer(void **state)
{
    static struct drawer drawer;

    memset(done, 0, sizeof done);
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

static void what_was_written_is_on_the_disk_under_its_name(void **state)
{
    struct drawer *drawer = *state;
    char *sub = folder_path(drawer->folder, "sub");
    char *moved = folder_path(drawer->folder, "sub/moved");

    assert_true(file_create(drawer->file, 0600, "one", NULL));
    assert_string_equal(done, "fd");
    assert_true(file_replace(drawer->file, 0600, "two", NULL));
    assert_string_equal(done, "fdfrd");
    assert_true(folder_ensure(sub, NULL));
    assert_true(folder_ensure(sub, NULL));
    assert_string_equal(done, "fdfrdd");
    assert_true(file_move(drawer->file, moved, NULL));
    assert_string_equal(done, "fdfrddrdd");
    free(sub);
    free(moved);
}

#define DRAWER_TEST(name)                                                      \
    cmocka_unit_test_setup_teardown(name, open_drawer, close_drawer)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DRAWER_TEST(what_was_written_is_on_the_disk_under_its_name),
        DRAWER_TEST(a_pipe_is_refused_and_not_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
