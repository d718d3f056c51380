"""How gunicorn serves the portal: gunicorn --config python:portal.gunicorn_settings portal.wsgi"""

worker_class = "portal.patience.PatientWorker"
workers = 2
threads = 4
preload_app = True  # loaded once, shared by the processes
control_socket_disable = True
accesslog = "-"
# Time, method, path, status, bytes, milliseconds, id. Neither the query nor the referer, where searches for people
# stand, nor the address of the person.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)s %({x-request-id}o)s"
