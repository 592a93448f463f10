//! The one error of the renderer.

use std::fmt;

/// What went wrong, in the words that callers branch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// Not a picture, or a picture of a kind that the renderer does not read.
    Unsupported,
    /// A picture that is broken or cut off: worth fetching again.
    Corrupt,
    /// More bytes, pixels or scans than the limits allow.
    TooLarge,
    /// Settings or arguments that make no sense.
    BadSettings,
    /// Our own fault.
    Internal,
}

impl ErrorCode {
    /// The code as Python sees it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Corrupt => "corrupt",
            Self::TooLarge => "too_large",
            Self::BadSettings => "bad_settings",
            Self::Internal => "internal",
        }
    }
}

/// Why there is no picture. The message never contains picture data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderError {
    /// What callers branch on.
    pub code: ErrorCode,
    /// What people read.
    pub message: String,
}

impl RenderError {
    /// An error with the given code.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Not a picture that the renderer reads.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unsupported, message)
    }

    /// Broken or cut off.
    pub fn corrupt(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Corrupt, message)
    }

    /// Beyond the limits.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::TooLarge, message)
    }

    /// Arguments that make no sense.
    pub fn bad_settings(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadSettings, message)
    }

    /// Our own fault.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for RenderError {}

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, RenderError>;
