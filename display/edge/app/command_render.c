/* gaoshi-display render: draws messages from files into pictures or draw lists,
 * in the same way as on a screen, but without broker, keys or window. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"
#include "base/log.h"
#include "display/edge/app/command.h"
#include "display/edge/app/drawing.h"
#include "display/edge/app/render_scene.h"
#include "display/edge/app/render_serve.h"
#include "display/edge/render/picture.h"

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "render", problem);
    return code;
}

/* An existing folder, or a path that ends in a slash. */
static bool is_folder(const char *path)
{
    struct stat status;
    size_t length = strlen(path);

    return (length > 0 && path[length - 1] == '/') ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* The picture file of a page (from 1) of a message: out itself, or in the
 * folder out NAME.png, or NAME-PAGE.png if there are several pages. False: too
 * long for size. */
static bool name_picture(const char *out, const char *file, size_t page,
                         size_t pages, char *name, size_t size)
{
    const char *base = strrchr(file, '/');
    base = base ? base + 1 : file;
    int stem = (int)strcspn(base, ".");
    int length = !is_folder(out) ? snprintf(name, size, "%s", out)
                 : pages > 1
                     ? snprintf(name, size, "%s/%.*s-%zu.png", out, stem, base,
                                page)
                     : snprintf(name, size, "%s/%.*s.png", out, stem, base);

    return length >= 0 && (size_t)length < size;
}

static bool write_picture(struct drawing *drawing, const char *file,
                          size_t page, size_t pages, struct problem *problem)
{
    char name[4096];

    if (!name_picture(drawing->config.flags.out, file, page, pages, name,
                      sizeof name))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    struct renderer_pixels pixels = drawing_paint(drawing);
    return picture_write(name, &pixels, problem);
}

static bool render_page(struct drawing *drawing, const struct message *message,
                        const char *file, size_t page, size_t pages,
                        struct problem *problem)
{
    if (!drawing_compose(drawing, message, page, pages, problem))
        return false;
    if (drawing->config.flags.draw_list) {
        printf("# %s page %zu/%zu\n", file, page + 1, pages);
        draw_list_print(&drawing->glass.list, stdout);
    }
    return !drawing->config.flags.out ||
           write_picture(drawing, file, page + 1, pages, problem);
}

static bool render_message(struct drawing *drawing,
                           const struct message *message, const char *file,
                           struct problem *problem)
{
    const struct config_flags *flags = &drawing->config.flags;
    size_t pages = drawing_pages(drawing, message, problem);
    size_t first = 0, last = pages;

    if (pages == 0)
        return false;
    if (flags->page > 0) {
        first = (size_t)flags->page - 1;
        last = first + 1;
    }
    if (last > pages)
        return problem_set_field(problem, "--page", "it has %zu", pages);
    if (flags->out && last - first > 1 && !is_folder(flags->out))
        return problem_set_field(problem, "--out",
                                 "it has %zu pages: say --page N or a folder",
                                 pages);
    for (size_t page = first; page < last; page++) {
        if (!render_page(drawing, message, file, page, pages, problem))
            return false;
    }
    return true;
}

/* The files of live figures are read before the panels that show them. */
static int read_figure(struct drawing *drawing, const char *file)
{
    struct problem problem = {0};
    struct message *message = NULL;

    if (!render_scene_read_file(file, &message, &problem))
        return EXIT_DONE; /* it is told when its turn comes */
    if (message->kind != MESSAGE_FIGURE) {
        message_destroy(message);
        return EXIT_DONE;
    }
    problem_set_place(&problem, file);
    return known_figures_add(&drawing->figures, message, &problem)
               ? EXIT_DONE
               : complain(&problem, EXIT_INVALID);
}

static int render_file(struct drawing *drawing, const char *file)
{
    struct problem problem = {0};
    struct message *message = NULL;

    if (!render_scene_read_file(file, &message, &problem))
        return complain(&problem, EXIT_INVALID);
    if (message->kind == MESSAGE_FIGURE) {
        message_destroy(message);
        return EXIT_DONE;
    }
    if (!drawing_prepare(drawing, message, &problem)) {
        message_destroy(message);
        return complain(&problem, EXIT_INVALID);
    }
    if (message->left_out.count > 0)
        log_write(LOG_WARNING, "render: %s: this version cannot set %s", file,
                  message->left_out.paths);
    bool done = render_message(drawing, message, file, &problem);
    message_destroy(message);
    return done ? EXIT_DONE : complain(&problem, EXIT_OTHER);
}

static int render_plain(struct drawing *drawing)
{
    struct problem problem = {0};

    if (render_page(drawing, NULL, "plain", 0, 1, &problem))
        return EXIT_DONE;
    return complain(&problem, EXIT_OTHER);
}

/* Reads the messages that share the glass with the drawn ones. */
static bool read_beside(struct drawing *drawing, const struct data_path *data,
                        struct problem *problem)
{
    const struct config_flags *flags = &drawing->config.flags;

    return (!flags->alert_file ||
            render_scene_read(flags->alert_file, MESSAGE_ALERT, &drawing->alert,
                              problem)) &&
           (!flags->over_file ||
            render_scene_read_over(flags->over_file, data, &drawing->over,
                                   problem));
}

static int render_files(struct drawing *drawing, int count, char **files)
{
    struct problem problem = {0};
    struct data_path data;
    int code = EXIT_DONE;

    if (!data_path_find(drawing->config.flags.data, &data, &problem))
        return complain(&problem, EXIT_OTHER);
    if (!read_beside(drawing, &data, &problem))
        return complain(&problem, EXIT_INVALID);
    if (!drawing_open(drawing, &data, &problem))
        code = complain(&problem, EXIT_OTHER);
    else if (drawing->config.flags.plain)
        code = render_plain(drawing);
    for (int i = 0; i < count && code == EXIT_DONE; i++)
        code = read_figure(drawing, files[i]);
    for (int i = 0; i < count && drawing->figures.figures; i++) {
        int result = render_file(drawing, files[i]);
        if (result != EXIT_DONE)
            code = result;
    }
    drawing_close(drawing);
    return code;
}

static int serve(struct drawing *drawing)
{
    struct problem problem = {0};
    struct data_path data;

    if (!data_path_find(drawing->config.flags.data, &data, &problem))
        return complain(&problem, EXIT_OTHER);
    return render_serve(&drawing->config, &data, STDIN_FILENO, STDOUT_FILENO)
               ? EXIT_DONE
               : EXIT_OTHER;
}

static bool check_serve(const struct config_flags *flags, int files,
                        struct problem *problem)
{
    if (files > 0 || flags->plain || flags->alert_file || flags->over_file ||
        flags->out || flags->draw_list)
        return problem_set_field(problem, "--serve",
                                 "takes no FILE, and requests say the rest");
    return true;
}

static bool check(const struct config_flags *flags, int files,
                  struct problem *problem)
{
    if (flags->serve)
        return check_serve(flags, files, problem);
    if (flags->plain && files > 0)
        return problem_set_field(problem, "--plain", "takes no FILE");
    if (flags->plain && flags->alert_file)
        return problem_set_field(problem, "--with-alert", "wants a panel");
    if (flags->over_file && flags->alert_file)
        return problem_set_field(problem, "--over", "not with --with-alert");
    if (files == 0 && !flags->plain)
        return problem_set(problem, PROBLEM_FIELD, "no FILE given");
    if (!flags->out && !flags->draw_list)
        return problem_set(problem, PROBLEM_FIELD,
                           "--out or --draw-list is needed");
    if (flags->out && files > 1 && !is_folder(flags->out))
        return problem_set_field(problem, "--out",
                                 "several files need a folder");
    return true;
}

int command_render(int argc, char **argv)
{
    struct drawing *drawing = calloc(1, sizeof *drawing);
    struct problem problem = {0};
    int files = 0;
    int code = EXIT_USAGE;

    if (!drawing)
        return EXIT_OTHER;
    if (!config_load(&drawing->config, CONFIG_RENDER, argc, argv, &files,
                     &problem)) {
        complain(&problem, code);
    } else if (drawing->config.flags.help) {
        language_print(stdout,
                       "gaoshi-display render FILE… --out PNG|DIR/ [flags]\n");
        option_rows_print_help(config_rows, CONFIG_RENDER, stdout);
        code = EXIT_DONE;
    } else if (!check(&drawing->config.flags, files, &problem)) {
        complain(&problem, code);
    } else if (drawing->config.flags.serve) {
        code = serve(drawing);
    } else {
        code = render_files(drawing, files, argv + 1);
    }
    message_destroy(drawing->alert);
    message_destroy(drawing->over);
    free(drawing);
    return code;
}
