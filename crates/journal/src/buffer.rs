//! The buffer a batch is encoded into, with room in front for the frame's header.
//!
//! The writer of `flow` fills it and hands it to [`crate::Journal::append_buffer`], so that header and body leave in
//! one write without being copied. It knows nothing of what is encoded.

use crate::segment::frame;

/// A reusable batch body. Filling it again after [`BatchBuffer::clear`] does not allocate.
#[derive(Debug)]
pub struct BatchBuffer {
    /// `frame::HEADER` bytes for the header, then the body.
    bytes: Vec<u8>,
}

impl Default for BatchBuffer {
    fn default() -> Self {
        Self::new()
    }
}

impl BatchBuffer {
    /// An empty body.
    pub fn new() -> Self {
        Self { bytes: vec![0; frame::HEADER] }
    }

    /// Forgets the body and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.truncate(frame::HEADER);
    }

    /// The bytes encoded so far.
    pub fn body(&self) -> &[u8] {
        &self.bytes[frame::HEADER..]
    }

    /// Appends bytes to the body.
    pub fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Lets an encoder append straight to the vector behind the body. The vector begins with bytes that belong to
    /// the frame's header: append only. An encoder that shortens it loses the body, nothing else.
    pub fn encode<T>(&mut self, encoder: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        let answer = encoder(&mut self.bytes);
        if self.bytes.len() < frame::HEADER {
            self.bytes.resize(frame::HEADER, 0);
        }
        answer
    }

    /// Header, body and padding as one slice ready to be written; `header` is made from body and padding.
    pub(crate) fn framed<R>(
        &mut self,
        header: impl FnOnce(&[u8], &[u8]) -> [u8; frame::HEADER],
        write: impl FnOnce(&[u8]) -> R,
    ) -> R {
        let body_end = self.bytes.len();
        self.bytes.resize(frame::padded(body_end - frame::HEADER), 0);
        let (gap, padded_body) = self.bytes.split_at_mut(frame::HEADER);
        gap.copy_from_slice(&header(&padded_body[..body_end - frame::HEADER], padded_body));
        let answer = write(&self.bytes);
        self.bytes.truncate(body_end);
        answer
    }
}

impl std::io::Write for BatchBuffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.put(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
