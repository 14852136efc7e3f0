/* One thread, two queues. */
#include "display/edge/album/album_worker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/files.h"

struct queue {
    struct album_job *first;
    struct album_job **end; /* where the next one is added */
};

struct album_worker {
    char *folder; /* constant, like the next two */
    int fd;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Guarded by lock: */
    struct queue in, out;
    bool busy, closing;
};

void album_job_destroy(struct album_job *job)
{
    if (!job)
        return;
    free(job->data);
    free(job->image.pixels);
    free(job);
}

static void append(struct queue *queue, struct album_job *job)
{
    job->next = NULL;
    *queue->end = job;
    queue->end = &job->next;
}

static struct album_job *take_first(struct queue *queue)
{
    struct album_job *job = queue->first;

    if (!job)
        return NULL;
    queue->first = job->next;
    if (!queue->first)
        queue->end = &queue->first;
    return job;
}

/* The caller frees it. NULL: no memory. */
static char *path_of(const struct album_worker *worker, const char *digest)
{
    char *path = NULL;

    return asprintf(&path, "%s/%s", worker->folder, digest) < 0 ? NULL : path;
}

static bool is_right(struct album_job *job, const void *bytes, size_t size)
{
    char digest[PICTURE_DIGEST_BYTES + 1];

    return (size == job->size && picture_digest(bytes, size, digest) &&
            strcmp(digest, job->digest) == 0) ||
           problem_set(&job->problem, PROBLEM_SYNTAX,
                       "the bytes are not those of its digest");
}

/* A file is verified each time it is read. The caller frees the bytes. */
static void *read_file(const struct album_worker *worker, struct album_job *job)
{
    char *path = path_of(worker, job->digest);
    size_t size = 0;
    char *bytes = path ? file_read(path, LIMIT_PICTURE_BYTES, &size,
                                   &job->problem)
                       : NULL;

    if (bytes && !is_right(job, bytes, size)) {
        unlink(path);
        free(bytes);
        bytes = NULL;
    }
    free(path);
    return bytes;
}

/* A picture whose file cannot be written is kept in memory. */
static void keep(const struct album_worker *worker, struct album_job *job)
{
    char *path = worker->folder[0] ? path_of(worker, job->digest) : NULL;

    job->done = is_right(job, job->data, job->size);
    if (job->done && path)
        job->written = file_replace_bytes(path, 0600, job->data, job->size,
                                          &job->problem);
    free(path);
}

static void scale(const struct album_worker *worker, struct album_job *job)
{
    void *bytes = job->data ? job->data : read_file(worker, job);

    job->lost = !bytes;
    job->done = bytes && image_decode(bytes, job->size, &job->part, job->width,
                                      job->height, &job->image, &job->problem);
    free(bytes);
    job->data = NULL;
}

static void drop(const struct album_worker *worker, struct album_job *job)
{
    char *path = path_of(worker, job->digest);

    job->done = path && unlink(path) == 0;
    free(path);
}

static void work(const struct album_worker *worker, struct album_job *job)
{
    switch (job->kind) {
    case ALBUM_LOOK:
        job->data = read_file(worker, job);
        job->done = job->data != NULL;
        free(job->data);
        job->data = NULL;
        return;
    case ALBUM_KEEP:
        keep(worker, job);
        return;
    case ALBUM_SCALE:
        scale(worker, job);
        return;
    case ALBUM_DROP:
        drop(worker, job);
        return;
    }
}

/* Lock held. NULL: the end. */
static struct album_job *next_job(struct album_worker *worker)
{
    while (!worker->closing && !worker->in.first)
        pthread_cond_wait(&worker->changed, &worker->lock);
    return worker->closing ? NULL : take_first(&worker->in);
}

static void *run(void *context)
{
    struct album_worker *worker = context;
    struct album_job *job;

    pthread_mutex_lock(&worker->lock);
    while ((job = next_job(worker))) {
        worker->busy = true;
        pthread_mutex_unlock(&worker->lock);
        work(worker, job);
        pthread_mutex_lock(&worker->lock);
        worker->busy = false;
        append(&worker->out, job);
        eventfd_write(worker->fd, 1);
        pthread_cond_broadcast(&worker->changed);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

static bool init(struct album_worker *worker)
{
    worker->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (worker->fd < 0)
        return false;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    if (pthread_create(&worker->thread, NULL, run, worker) == 0)
        return true;
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    close(worker->fd);
    return false;
}

struct album_worker *album_worker_create(const char *folder)
{
    struct album_worker *worker = calloc(1, sizeof *worker);

    if (!worker)
        return NULL;
    worker->in.end = &worker->in.first;
    worker->out.end = &worker->out.first;
    worker->folder = strdup(folder);
    if (worker->folder && init(worker))
        return worker;
    free(worker->folder);
    free(worker);
    return NULL;
}

static void empty(struct queue *queue)
{
    struct album_job *job;

    while ((job = take_first(queue)))
        album_job_destroy(job);
}

void album_worker_destroy(struct album_worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->closing = true;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    empty(&worker->in);
    empty(&worker->out);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    close(worker->fd);
    free(worker->folder);
    free(worker);
}

void album_worker_put(struct album_worker *worker, struct album_job *job)
{
    pthread_mutex_lock(&worker->lock);
    append(&worker->in, job);
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

struct album_job *album_worker_take(struct album_worker *worker)
{
    eventfd_t count;

    pthread_mutex_lock(&worker->lock);
    struct album_job *job = take_first(&worker->out);
    if (!worker->out.first)
        eventfd_read(worker->fd, &count);
    pthread_mutex_unlock(&worker->lock);
    return job;
}

int album_worker_fd(const struct album_worker *worker)
{
    return worker->fd;
}

void album_worker_settle(struct album_worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    while (worker->in.first || worker->busy)
        pthread_cond_wait(&worker->changed, &worker->lock);
    pthread_mutex_unlock(&worker->lock);
}
