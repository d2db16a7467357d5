//! Connections that ask the system for more at once, and tell it more at once.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, BufReader, ReadBuf};

/// A whole TLS record (RFC 8446, 5.2). By itself rustls reads four kilobytes at a time, which is three calls for a usual review.
/// A connection holds that much, and [`PENDING`] besides: 33 MB for all that are let in by default.
const RECORD: usize = (16 << 10) + 256 + 5;
/// Bytes that wait to be written. More goes out by itself.
const PENDING: usize = 16 << 10;

/// What lies below TLS: one call to the system reads a whole record.
pub(crate) fn by_record<S: AsyncRead>(stream: S) -> BufReader<S> {
    BufReader::with_capacity(RECORD, stream)
}

/// What lies above TLS: whatever is written before a flush leaves as one record.
///
/// An HTTP/2 connection writes head and body of an answer apart. It is not offered to write several pieces in one call: h2 then also puts small
/// answers together itself, those below one kilobyte.
#[derive(Debug)]
pub(crate) struct Gathered<S> {
    inner: S,
    pending: Vec<u8>,
    /// Of these, the bytes that have left.
    sent: usize,
}

impl<S> Gathered<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner, pending: vec![], sent: 0 }
    }
}

impl<S: AsyncWrite + Unpin> Gathered<S> {
    fn poll_pending(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.pending.len() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(context, &self.pending[self.sent..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += written;
        }
        self.pending.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gathered<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gathered<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.pending.len() + bytes.len() > PENDING {
            ready!(self.poll_pending(context))?;
        }
        if bytes.len() > PENDING {
            return Pin::new(&mut self.inner).poll_write(context, bytes);
        }
        self.pending.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn is_write_vectored(&self) -> bool {
        false
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// Counts writes, and takes at most so many bytes in one.
    struct Slow(Vec<Vec<u8>>, usize);

    impl AsyncWrite for Slow {
        fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(self.1);
            self.0.push(bytes[..taken].to_vec());
            Poll::Ready(Ok(taken))
        }
        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn what_is_written_before_a_flush_leaves_at_once() {
        let mut stream = Gathered::new(Slow(vec![], usize::MAX));
        stream.write_all(b"head").await.unwrap();
        stream.write_all(b"body").await.unwrap();
        assert!(stream.inner.0.is_empty());
        stream.flush().await.unwrap();
        stream.write_all(b"more").await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(stream.inner.0, [b"headbody".to_vec(), b"more".to_vec()]);
    }

    #[tokio::test]
    async fn nothing_is_lost_or_reordered_where_little_is_taken_at_once() {
        let mut stream = Gathered::new(Slow(vec![], 1_000));
        let mut sent = vec![];
        for length in [1, 300, PENDING - 100, 99, 5, PENDING, PENDING + 1, 3 * PENDING, 7] {
            let part: Vec<u8> = (0..length).map(|at| (at * 7 + length) as u8).collect();
            stream.write_all(&part).await.unwrap();
            sent.extend(part);
            assert!(stream.pending.len() <= PENDING);
        }
        stream.flush().await.unwrap();
        assert!(stream.inner.0.concat() == sent);
    }

    #[tokio::test]
    async fn a_record_is_one_read() {
        let (mut ours, theirs) = tokio::io::duplex(1 << 20);
        ours.write_all(&vec![1; RECORD]).await.unwrap();
        let mut reader = by_record(theirs);
        let mut four = [0; 4];
        reader.read_exact(&mut four).await.unwrap();
        assert_eq!(reader.buffer().len(), RECORD - 4);
    }
}
