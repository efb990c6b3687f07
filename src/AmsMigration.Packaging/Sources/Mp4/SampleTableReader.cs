using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Reads the sample tables of a 'stbl' (ISO/IEC 14496-12 8.5 to 8.7) in one walk over all of them.</summary>
internal static class SampleTableReader
{
    /// <param name="fileLength">Samples that do not lie whole within are left off the end.</param>
    /// <param name="descriptionCount">Entries in 'stsd'.</param>
    public static SampleTable Read(
        BoxReader stbl, int fileIndex, long fileLength, int descriptionCount, string file, ICollection<PackagingWarning> warnings)
    {
        var sizes = SizeTable.Read(stbl);
        if (sizes.Count == 0)
        {
            return new SampleTableBuilder().Build();
        }

        var durations = new RunTable(stbl.Find("stts"), signed: false);
        RunTable? offsets = stbl.TryFind("ctts", out BoxReader ctts) ? new RunTable(ctts, signed: true) : null;
        HashSet<int>? syncSamples = ReadSyncSamples(stbl);
        var chunks = new ChunkTable(stbl);
        var builder = new SampleTableBuilder(sizes.Count);
        bool wrongDescription = false;
        int sample = 0;
        while (sample < sizes.Count && chunks.MoveNext())
        {
            int description = chunks.Description - 1;
            if (description < 0 || description >= descriptionCount)
            {
                wrongDescription = true;
                description = 0;
            }

            long offset = chunks.Offset;
            for (uint i = 0; i < chunks.SampleCount && sample < sizes.Count; i++, sample++)
            {
                uint size = sizes[sample];
                if (offset > fileLength - size)
                {
                    warnings.Add(Truncated(sizes.Count - sample, sizes.Count, file, offset, fileLength));
                    return builder.Build();
                }

                bool isSync = syncSamples is null || syncSamples.Contains(sample + 1);
                builder.Add((uint)durations.Next(), (int)(offsets?.Next() ?? 0), size, isSync, fileIndex, offset, description);
                offset += size;
            }
        }

        if (sample < sizes.Count)
        {
            warnings.Add(new PackagingWarning(
                "MissingChunks", $"{sizes.Count - sample} of {sizes.Count} samples are in no chunk; the track ends before them.", file));
        }

        if (wrongDescription)
        {
            warnings.Add(new PackagingWarning(
                "WrongSampleDescription", "a chunk names a sample description that is not there; the first one is taken.", file));
        }

        return builder.Build();
    }

    internal static PackagingWarning Truncated(int missing, int total, string file, long offset, long fileLength) => new(
        "TruncatedMedia",
        $"{missing} of {total} samples are missing: the first should lie at offset {offset}, but the file has {fileLength} bytes. What is there is converted.",
        file);

    /// <summary>Null where all samples are sync samples (8.6.2.1).</summary>
    private static HashSet<int>? ReadSyncSamples(BoxReader stbl)
    {
        if (!stbl.TryFind("stss", out BoxReader stss))
        {
            return null;
        }

        stss.FullBox();
        int count = stss.Count(4);
        HashSet<int> samples = [];
        for (int i = 0; i < count; i++)
        {
            samples.Add(stss.I32());
        }

        return samples;
    }

    /// <summary>'stsz' or 'stz2' (8.7.3).</summary>
    private readonly struct SizeTable
    {
        private readonly uint _constant;
        private readonly uint[] _sizes;

        private SizeTable(int count, uint constant, uint[] sizes)
        {
            Count = count;
            _constant = constant;
            _sizes = sizes;
        }

        public int Count { get; }

        public uint this[int sample] => _constant > 0 ? _constant : _sizes[sample];

        public static SizeTable Read(BoxReader stbl)
        {
            if (stbl.TryFind("stz2", out BoxReader stz2))
            {
                return ReadCompact(stz2);
            }

            BoxReader stsz = stbl.Find("stsz");
            stsz.FullBox();
            uint constant = stsz.U32();
            if (constant > 0)
            {
                // No table bounds the count here, but the samples have to fit into chunks: the walk ends with the last of them.
                uint promised = stsz.U32();
                return new SizeTable(promised > int.MaxValue ? throw stsz.Fault("ImpossibleValue", $"{promised} samples") : (int)promised, constant, []);
            }

            var sizes = new uint[stsz.Count(4)];
            for (int i = 0; i < sizes.Length; i++)
            {
                sizes[i] = stsz.U32();
            }

            return new SizeTable(sizes.Length, 0, sizes);
        }

        private static SizeTable ReadCompact(BoxReader stz2)
        {
            stz2.FullBox();
            stz2.Skip(3);
            int bits = stz2.U8();
            if (bits is not (4 or 8 or 16))
            {
                throw stz2.Fault("ImpossibleValue", $"'stz2' has a field size of {bits}; expected 4, 8 or 16");
            }

            uint count = stz2.U32();
            if (((long)count * bits) + 7 >> 3 > stz2.Remaining)
            {
                throw stz2.Fault("TruncatedTable", $"'stz2' promises {count} entries of {bits} bits but has {stz2.Remaining} bytes for them");
            }

            var sizes = new uint[count];
            for (int i = 0; i < sizes.Length; i++)
            {
                switch (bits)
                {
                    case 16:
                        sizes[i] = stz2.U16();
                        break;
                    case 8:
                        sizes[i] = stz2.U8();
                        break;
                    default:
                        byte pair = stz2.U8();
                        sizes[i] = (uint)pair >> 4;
                        if (++i < sizes.Length)
                        {
                            sizes[i] = pair & 0xfu;
                        }

                        break;
                }
            }

            return new SizeTable(sizes.Length, 0, sizes);
        }
    }

    /// <summary>A table of (count, value), read as it is walked: 'stts' and 'ctts'. Past its end the last value goes on.</summary>
    private sealed class RunTable
    {
        private BoxReader _box;
        private readonly bool _signed;
        private int _entries;
        private uint _left;
        private long _value;

        public RunTable(BoxReader box, bool signed)
        {
            box.FullBox();
            _entries = box.Count(8);
            _box = box;
            _signed = signed;
        }

        public long Next()
        {
            while (_left == 0 && _entries > 0)
            {
                _entries--;
                _left = _box.U32();

                // Version 0 of ctts is unsigned, but writers put negative offsets there, and no offset of 2^31 is meant (ISO/IEC 14496-12 8.6.1.3).
                _value = _signed ? _box.I32() : _box.U32();
            }

            if (_left > 0)
            {
                _left--;
            }

            return _value;
        }
    }

    /// <summary>'stsc' with 'stco' or 'co64' (8.7.4, 8.7.5), read as it is walked.</summary>
    private sealed class ChunkTable
    {
        private BoxReader _offsets;
        private BoxReader _map;
        private readonly bool _isLarge;
        private readonly int _chunkCount;
        private int _entriesLeft;
        private int _chunk;
        private long _nextFirstChunk = 1;
        private uint _nextSampleCount;
        private int _nextDescription = 1;

        public ChunkTable(BoxReader stbl)
        {
            _isLarge = stbl.TryFind("co64", out _offsets);
            if (!_isLarge)
            {
                _offsets = stbl.Find("stco");
            }

            _offsets.FullBox();
            _chunkCount = _offsets.Count(_isLarge ? 8 : 4);
            _map = stbl.Find("stsc");
            _map.FullBox();
            _entriesLeft = _map.Count(12);
            ReadEntry();
        }

        public uint SampleCount { get; private set; }

        /// <summary>1-based, as stored.</summary>
        public int Description { get; private set; }

        public long Offset { get; private set; }

        public bool MoveNext()
        {
            if (_chunk >= _chunkCount)
            {
                return false;
            }

            _chunk++;
            while (_chunk >= _nextFirstChunk)
            {
                SampleCount = _nextSampleCount;
                Description = _nextDescription;
                ReadEntry();
            }

            Offset = _isLarge ? _offsets.L64() : _offsets.U32();
            return true;
        }

        private void ReadEntry()
        {
            if (_entriesLeft == 0)
            {
                _nextFirstChunk = long.MaxValue;
                return;
            }

            _entriesLeft--;
            _nextFirstChunk = _map.U32();
            _nextSampleCount = _map.U32();
            _nextDescription = _map.I32();
        }
    }
}
