using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Sources.Mp4;

namespace AmsMigration.Packaging.Protection.Reading;

/// <summary>
/// Where the encrypted bytes of a fragment or of a file without fragments lie: 'senc' (ISO/IEC 23001-7 7.2), or PIFF's box of the same content.
/// </summary>
internal static class FragmentEncryption
{
    /// <summary>True where a fragment itself says that it is encrypted.</summary>
    public static bool IsIn(BoxReader traf)
    {
        while (traf.NextChild(out BoxReader box))
        {
            if (box.Type is "senc" or "saiz" or "saio"
                || (box.Type == "uuid" && box.Remaining >= ContentKey.Length && ContentKey.ToId(box.Bytes(ContentKey.Length)) == TrackEncryption.PiffSample))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="traf">Or the 'stbl' of a file without fragments.</param>
    /// <param name="samples">All of the fragment; of a file that is cut, those that are there.</param>
    /// <param name="track">What the track's sample entry says.</param>
    /// <param name="groups">'seig' groups that the track's header describes.</param>
    /// <param name="ranges">Gets what is found.</param>
    /// <exception cref="PackagingException">The box is damaged, or there is none though samples need it.</exception>
    public static void Read(
        BoxReader traf, IReadOnlyList<FragmentSample> samples, TrackEncryption track, IReadOnlyList<TrackEncryption> groups, List<EncryptedRange> ranges)
    {
        TrackEncryption?[] encryption = EncryptionGroups.Assign(traf, samples.Count, track, groups);
        bool isThere = traf.TryFind("senc", out BoxReader box);
        isThere = isThere || TrackEncryption.TryFindExtended(traf, TrackEncryption.PiffSample, out box);
        if (!isThere)
        {
            ReadWhole(traf, samples, encryption, ranges);
            return;
        }

        (_, uint flags) = box.FullBox();
        if ((flags & 1) != 0)
        {
            box.Skip(3);
            int vectorLength = box.U8();
            track = track with { VectorLength = vectorLength is 8 or 16 ? vectorLength : track.VectorLength, KeyId = ContentKey.ToId(box.Bytes(ContentKey.Length)) };
            encryption = [.. encryption.Select(_ => track)];
        }

        uint count = box.U32();
        if (count < samples.Count)
        {
            throw box.Fault("EncryptionMismatch", $"'{box.Type}' tells of {count} samples; there are {samples.Count}");
        }

        for (int i = 0; i < samples.Count; i++)
        {
            ReadSample(ref box, (flags & 2) != 0, samples[i], encryption[i], ranges);
        }
    }

    private static void ReadSample(
        ref BoxReader box, bool hasSubsamples, FragmentSample sample, TrackEncryption? encryption, List<EncryptedRange> ranges)
    {
        if (encryption is null)
        {
            // Some writers give such samples an empty entry and some none; with subsamples there is a count of 0 or nothing at all.
            return;
        }

        byte[] vector = encryption.VectorLength > 0 ? box.Bytes(encryption.VectorLength) : encryption.ConstantVector!;
        if (!hasSubsamples)
        {
            ranges.Add(new EncryptedRange(sample.Offset, sample.Size, encryption, vector, 0));
            return;
        }

        long at = sample.Offset;
        long position = 0;
        for (int left = box.U16(); left > 0; left--)
        {
            at += box.U16();
            long length = box.U32();
            if (at + length > sample.Offset + sample.Size)
            {
                throw box.Fault("EncryptionMismatch", $"subsamples take {at + length - sample.Offset} bytes of a sample of {sample.Size}");
            }

            if (length > 0)
            {
                ranges.Add(new EncryptedRange(at, length, encryption, vector, position));
            }

            at += length;
            position += length;
        }
    }

    /// <summary>Samples that are encrypted as a whole under one vector need no box.</summary>
    private static void ReadWhole(
        BoxReader traf, IReadOnlyList<FragmentSample> samples, TrackEncryption?[] encryption, List<EncryptedRange> ranges)
    {
        for (int i = 0; i < samples.Count; i++)
        {
            if (encryption[i] is not TrackEncryption own)
            {
                continue;
            }

            byte[] vector = own.ConstantVector ?? throw traf.Fault("EncryptionMismatch", "encrypted samples have no 'senc', so their initialization vectors are not known");
            ranges.Add(new EncryptedRange(samples[i].Offset, samples[i].Size, own, vector, 0));
        }
    }
}
