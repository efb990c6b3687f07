namespace AmsMigration.Packaging.Storage;

/// <summary>Makes folders on demand and takes those away again that stayed empty. Safe for use by several threads.</summary>
internal sealed class LocalOutputFolders
{
    private const int MaxAttempts = 5;

    private readonly HashSet<string> _made = new(StringComparer.Ordinal);

    /// <summary>Makes the folder and a file in it, so that nobody can find the folder empty in between.</summary>
    public T CreateIn<T>(string folder, Func<T> create)
    {
        lock (_made)
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    Make(folder);
                    return create();
                }
                catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException && attempt < MaxAttempts)
                {
                    // Another output that shares the parent has just removed it as empty; where it has been made again by now, the runtime blames the file.
                }
            }
        }
    }

    /// <summary>Removes the folder and those above it as far as they are empty and were made here.</summary>
    public void RemoveIfEmpty(string folder)
    {
        lock (_made)
        {
            try
            {
                for (string? empty = folder; empty is not null && _made.Contains(empty); empty = Path.GetDirectoryName(empty))
                {
                    Directory.Delete(empty);
                    _made.Remove(empty);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is not empty, or it is gone.
            }
        }
    }

    /// <summary>Takes a folder that an earlier run made for one that this run did.</summary>
    public void Adopt(string folder)
    {
        lock (_made)
        {
            _made.Add(folder);
        }
    }

    private void Make(string folder)
    {
        var missing = new Stack<string>();
        for (string? parent = folder; parent is not null && !Directory.Exists(parent); parent = Path.GetDirectoryName(parent))
        {
            missing.Push(parent);
        }

        while (missing.Count > 0)
        {
            string next = missing.Pop();
            Directory.CreateDirectory(next);
            _made.Add(next);
        }
    }
}
