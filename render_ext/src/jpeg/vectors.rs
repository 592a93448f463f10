//! What loops over blocks, compiled for what a family of processors has.

/// [`fill_by`](super::decode::fill_by), [`draw_by`](super::strip::draw_by) and [`recode_by`](super::recode::recode_by) for
/// processors with some features, by way of the `pair`, `inverse` and `divide` of where this stands.
macro_rules! loops_over_blocks {
    ($features:literal) => {
        /// See [`super::decode::fill_by`].
        #[target_feature(enable = $features)]
        pub fn fill(
            head: &super::decode::Head,
            intervals: &[&[u8]],
            planes: &mut [crate::picture::Plane; 3],
        ) -> Option<()> {
            super::decode::fill_by(head, intervals, planes, |blocks, tables| inverse(blocks, tables))
        }

        /// See [`super::strip::draw_by`].
        #[target_feature(enable = $features)]
        pub fn draw(
            data: &[u8],
            drawing: &super::drawing::Drawing<'_>,
            transforms: &[super::block::Transform; 2],
            out: &mut Vec<u8>,
        ) -> crate::error::Result<()> {
            super::strip::draw_by(
                data,
                drawing,
                |samples, colour| pair(samples, &transforms[colour]),
                |found, colour| inverse(found, [&transforms[colour].table; 2]),
                out,
            )
        }

        /// See [`super::recode::recode_by`].
        #[target_feature(enable = $features)]
        pub(super) fn recode(
            job: &super::recode::Job<'_>,
            drawing: &mut super::drawing::Drawing<'_>,
        ) -> Option<(Vec<u8>, Vec<u32>)> {
            super::recode::recode_by(
                job,
                drawing,
                |found, plane| divide(found, &job.divisions[plane]),
                |samples, colour| pair(samples, &job.transforms[colour]),
                |blocks, tables| inverse(blocks, tables),
            )
        }
    };
}

pub(super) use loops_over_blocks;
