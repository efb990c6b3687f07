using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>
/// Reads 'moof' boxes (ISO/IEC 14496-12 8.8) into sample tables: the whole fragments of a file in order, or blobs that hold one fragment each.
/// </summary>
/// <param name="tracks">Those to collect, by track_ID; others are stepped over.</param>
internal sealed class MovieFragmentReader(IReadOnlyDictionary<uint, FragmentedTrack> tracks, ICollection<PackagingWarning> warnings)
{
    /// <param name="moof">The whole box.</param>
    /// <param name="fileIndex">Index into <see cref="Presentation.Files"/>.</param>
    /// <param name="moofOffset">Where in that file it starts.</param>
    /// <param name="startTime">Decode or presentation time of the fragment where the fragment itself tells none, ticks; null for "where the last one ended".</param>
    public void Add(BoxReader moof, int fileIndex, long moofOffset, long fileLength, string file, long? startTime = null)
    {
        long nextData = moofOffset;
        while (moof.NextChild(out BoxReader traf))
        {
            if (traf.Type == "traf")
            {
                var fragment = new TrackFragment(traf, moofOffset, nextData);
                nextData = fragment.Read(tracks, fileIndex, fileLength, file, startTime, warnings);
            }
        }
    }

    /// <summary>One 'traf' (8.8.6).</summary>
    private sealed class TrackFragment
    {
        private readonly BoxReader _traf;
        private readonly uint _trackId;
        private readonly long _baseOffset;
        private readonly uint? _description;
        private readonly uint? _duration;
        private readonly uint? _size;
        private readonly uint? _flags;

        public TrackFragment(BoxReader traf, long moofOffset, long followingData)
        {
            _traf = traf;
            BoxReader tfhd = traf.Find("tfhd");
            (_, uint flags) = tfhd.FullBox();
            _trackId = tfhd.U32();

            // 8.8.7.1: an explicit offset, else the moof, else (first traf: the moof) where the data of the traf before ends.
            _baseOffset = (flags & 1) != 0 ? tfhd.L64() : (flags & 0x20000) != 0 ? moofOffset : followingData;
            _description = (flags & 2) != 0 ? tfhd.U32() : null;
            _duration = (flags & 8) != 0 ? tfhd.U32() : null;
            _size = (flags & 0x10) != 0 ? tfhd.U32() : null;
            _flags = (flags & 0x20) != 0 ? tfhd.U32() : null;
        }

        /// <returns>Where the data ends.</returns>
        public long Read(
            IReadOnlyDictionary<uint, FragmentedTrack> tracks, int fileIndex, long fileLength, string file, long? startTime, ICollection<PackagingWarning> warnings)
        {
            tracks.TryGetValue(_trackId, out FragmentedTrack? track);
            TrackDefaults defaults = track?.Defaults ?? default;
            List<FragmentSample> samples = [];
            long data = _baseOffset;
            BoxReader list = _traf;
            byte[]? dependencies = null;
            while (list.NextChild(out BoxReader box))
            {
                switch (box.Type)
                {
                    case "trun":
                        data = ReadRun(box, data, samples, defaults);
                        break;
                    case "sdtp":
                        box.FullBox();
                        dependencies = box.Bytes(box.Remaining);
                        break;
                }
            }

            if (track is null || samples.Count == 0)
            {
                return data;
            }

            track.Add(samples, FindTime(startTime), dependencies, fileIndex, fileLength, Description(track, file, warnings), file, warnings);
            return data;
        }

        private int Description(FragmentedTrack track, string file, ICollection<PackagingWarning> warnings)
        {
            uint description = _description ?? track.Defaults.Description;
            if (description >= 1 && description <= track.DescriptionCount)
            {
                return (int)description - 1;
            }

            if (track.WarnOnce("WrongSampleDescription"))
            {
                warnings.Add(new PackagingWarning(
                    "WrongSampleDescription",
                    $"track {_trackId} names sample description {description} of {track.DescriptionCount}; the first one is taken.", file));
            }

            return 0;
        }

        private FragmentTime FindTime(long? startTime)
        {
            if (_traf.TryFind("tfdt", out BoxReader tfdt))
            {
                (byte version, _) = tfdt.FullBox();
                return new FragmentTime(version == 1 ? tfdt.L64() : tfdt.U32(), IsPresentation: false);
            }

            BoxReader list = _traf;
            while (list.NextChild(out BoxReader box))
            {
                if (box.Type == "uuid" && box.Remaining >= 20 && SmoothBoxes.IsFragmentTime(box.Bytes(16)))
                {
                    (byte version, _) = box.FullBox();

                    // MS-SSTR 2.2.4.4 has it unsigned; encoders write AAC priming as a negative time.
                    return new FragmentTime(version == 1 ? box.I64() : box.I32(), IsPresentation: true);
                }
            }

            return startTime is long time ? new FragmentTime(time, IsPresentation: true) : new FragmentTime(null, IsPresentation: false);
        }

        private long ReadRun(BoxReader trun, long data, List<FragmentSample> samples, TrackDefaults defaults)
        {
            (_, uint flags) = trun.FullBox();
            int entrySize = 4 * (((flags & 0x100) != 0 ? 1 : 0) + ((flags & 0x200) != 0 ? 1 : 0) + ((flags & 0x400) != 0 ? 1 : 0) + ((flags & 0x800) != 0 ? 1 : 0));
            uint count = trun.U32();
            if ((flags & 1) != 0)
            {
                data = checked(_baseOffset + trun.I32());
            }

            uint? firstFlags = (flags & 4) != 0 ? trun.U32() : null;
            if ((long)count * entrySize > trun.Remaining || (entrySize == 0 && count > MaxUniformSamples))
            {
                throw trun.Fault("TruncatedTable", $"'trun' promises {count} samples of {entrySize} bytes but has {trun.Remaining} bytes for them");
            }

            for (uint i = 0; i < count; i++)
            {
                uint duration = (flags & 0x100) != 0 ? trun.U32() : _duration ?? defaults.Duration;
                uint size = (flags & 0x200) != 0 ? trun.U32() : _size ?? defaults.Size;
                uint sampleFlags = (flags & 0x400) != 0 ? trun.U32() : _flags ?? defaults.Flags;
                if (i == 0 && firstFlags is uint first)
                {
                    sampleFlags = first;
                }

                // Version 0 is unsigned by 8.8.8, but Expression Encoder writes negative offsets there, and no offset of 2^31 is meant.
                int offset = (flags & 0x800) != 0 ? trun.I32() : 0;
                samples.Add(new FragmentSample(duration, offset, size, sampleFlags, data));
                data = checked(data + size);
            }

            return data;
        }

        /// <summary>A run without per-sample fields costs 16 bytes whatever its count: more than a day of audio in one is a lie.</summary>
        private const uint MaxUniformSamples = 1 << 23;
    }
}

/// <summary>Of 'trex' (8.8.3).</summary>
/// <param name="Description">1-based, as stored.</param>
internal readonly record struct TrackDefaults(uint Description, uint Duration, uint Size, uint Flags);

/// <param name="Value">Ticks; null where the fragment does not tell.</param>
/// <param name="IsPresentation">The presentation time of its first sample (tfxd, manifests) rather than the decode time.</param>
internal readonly record struct FragmentTime(long? Value, bool IsPresentation);

internal readonly record struct FragmentSample(uint Duration, int CompositionOffset, uint Size, uint Flags, long Offset)
{
    /// <summary>sample_is_non_sync_sample (8.8.3.1).</summary>
    public bool IsSync => (Flags & 0x10000) == 0;
}

/// <summary>The uuid boxes of Smooth Streaming (MS-SSTR 2.2.4).</summary>
internal static class SmoothBoxes
{
    private static readonly byte[] Tfxd = [0x6d, 0x1d, 0x9b, 0x05, 0x42, 0xd5, 0x44, 0xe6, 0x80, 0xe2, 0x14, 0x1d, 0xaf, 0xf7, 0x57, 0xb2];

    public static bool IsFragmentTime(byte[] extendedType) => extendedType.SequenceEqual(Tfxd);
}
