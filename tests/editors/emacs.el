;;; emacs.el --- Emacs with eglot, in batch: diagnostics, a quick fix, a saved file  -*- lexical-binding: t -*-
;; Run by tests/editors/run.

(require 'package)
;; Where Debian keeps them; `-Q' leaves it out.
(push "/usr/share/emacs/site-lisp/elpa" package-directory-list)
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'cl-lib)

(define-derived-mode plimsoll-test-mode fundamental-mode "Dockerfile")
(add-to-list 'auto-mode-alist '("Dockerfile\\'" . plimsoll-test-mode))
(add-to-list 'eglot-server-programs `(plimsoll-test-mode . (,(getenv "PLIMSOLL") "lsp")))

(defun plimsoll-wait (what so)
  "Wait until SO is true, or fail for want of WHAT."
  (let ((end (time-add nil 60)))
    (while (and (not (funcall so)) (time-less-p nil end))
      (accept-process-output nil 0.05))
    (unless (funcall so)
      (message "emacs: waited in vain for %s: %S" what (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
      (kill-emacs 1))))

(defun plimsoll-of (rule)
  "The diagnostic of RULE in this buffer."
  (flymake-start)
  (cl-find-if (lambda (one) (string-match-p (regexp-quote rule) (flymake-diagnostic-text one))) (flymake-diagnostics)))

(find-file (expand-file-name "Dockerfile" (getenv "PROJECT")))
(let ((project (cons 'transient (file-name-as-directory (getenv "PROJECT")))))
  (eglot '(plimsoll-test-mode) project 'eglot-lsp-server (list (getenv "PLIMSOLL") "lsp") "dockerfile"))
(plimsoll-wait "the server" #'eglot-current-server)
(plimsoll-wait "diagnostics" (lambda () (and (plimsoll-of "docker/user-root") (plimsoll-of "docker/apt-no-assume-yes"))))
(let ((shown (cl-count-if (lambda (overlay) (overlay-get overlay 'flymake-diagnostic)) (overlays-in (point-min) (point-max)))))
  (when (zerop shown)
    (message "emacs: nothing is underlined")
    (kill-emacs 1)))

;; Somebody chooses the fix from the menu.
(goto-char (flymake-diagnostic-beg (plimsoll-of "docker/apt-no-assume-yes")))
(let ((tick (buffer-chars-modified-tick))
      ;; Not a click of the mouse, which would want a window.
      (last-nonmenu-event ?a)
      (choose (lambda (_prompt actions &rest _)
                (or (cl-find-if (lambda (title) (string-match-p "-y" title)) (mapcar (lambda (one) (if (consp one) (car one) one)) actions))
                    (error "No fix among %S" actions)))))
  (cl-letf (((symbol-function 'completing-read) choose)
            ((symbol-function 'y-or-n-p) (lambda (&rest _) t)))
    (eglot-code-actions (point) (point) nil t))
  (plimsoll-wait "the quick fix" (lambda () (/= tick (buffer-chars-modified-tick)))))
(goto-char (point-max))
(forward-line -1)
(delete-region (point) (line-end-position))
(insert "USER app")
(run-hooks 'post-command-hook)
(eglot--signal-textDocument/didChange)
(plimsoll-wait "the verdict on what was typed"
               (lambda () (not (or (plimsoll-of "docker/user-root") (plimsoll-of "docker/apt-no-assume-yes")))))
(save-buffer)
(message "emacs: diagnostics underlined, quick fix applied, saved")
(eglot-shutdown (eglot-current-server))
(kill-emacs 0)
;;; emacs.el ends here
