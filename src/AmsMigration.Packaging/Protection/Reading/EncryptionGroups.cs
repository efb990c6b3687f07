using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Protection.Reading;

/// <summary>'seig' sample groups (ISO/IEC 23001-7 6, ISO/IEC 14496-12 8.9): samples with another key, or in the clear.</summary>
internal static class EncryptionGroups
{
    private const string Grouping = "seig";
    private const uint FirstOfFragment = 0x10001;

    /// <summary>The descriptions in a 'stbl' or 'traf'; empty where it has none.</summary>
    public static List<TrackEncryption> ReadDescriptions(BoxReader list, TrackEncryption track)
    {
        List<TrackEncryption> groups = [];
        while (list.NextChild(out BoxReader box))
        {
            if (box.Type != "sgpd" || box.Remaining < 16)
            {
                continue;
            }

            (byte version, _) = box.FullBox();
            if (box.FourCC() != Grouping)
            {
                continue;
            }

            uint length = version == 1 ? box.U32() : 0;
            box.Skip(version >= 2 ? 4 : 0);
            for (uint left = box.U32(); left > 0; left--)
            {
                uint size = version == 1 && length == 0 ? box.U32() : length;
                BoxReader entry = box;
                groups.Add(track.ReadGroup(entry));
                box.Skip(size > 0 ? (int)Math.Min(size, int.MaxValue) : box.Remaining);
            }
        }

        return groups;
    }

    /// <summary>What each sample of a fragment is encrypted with; null where it is not.</summary>
    public static TrackEncryption?[] Assign(BoxReader traf, int count, TrackEncryption track, IReadOnlyList<TrackEncryption> groups)
    {
        var assigned = new TrackEncryption?[count];
        List<TrackEncryption> own = ReadDescriptions(traf, track);
        int sample = 0;
        while (traf.NextChild(out BoxReader box))
        {
            if (box.Type != "sbgp" || box.Remaining < 12)
            {
                continue;
            }

            (byte version, _) = box.FullBox();
            if (box.FourCC() != Grouping)
            {
                continue;
            }

            box.Skip(version == 1 ? 4 : 0);
            for (int left = box.Count(8); left > 0; left--)
            {
                uint run = box.U32();
                uint index = box.U32();
                TrackEncryption? found = Find(index, track, own, groups, box);
                for (; run > 0 && sample < count; run--)
                {
                    assigned[sample++] = found;
                }
            }
        }

        for (; sample < count; sample++)
        {
            assigned[sample] = track.IsProtected ? track : null;
        }

        return assigned;
    }

    private static TrackEncryption? Find(
        uint index, TrackEncryption track, List<TrackEncryption> own, IReadOnlyList<TrackEncryption> groups, BoxReader box)
    {
        TrackEncryption found = index == 0 ? track
            : index >= FirstOfFragment && index - FirstOfFragment < own.Count ? own[(int)(index - FirstOfFragment)]
            : index <= groups.Count ? groups[(int)index - 1]
            : throw box.Fault("EncryptionMismatch", $"'sbgp' names the group {index}, which no 'sgpd' describes");
        return found.IsProtected ? found : null;
    }
}
