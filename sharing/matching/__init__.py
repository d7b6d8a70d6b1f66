"""Who is who: keys that find candidates, scores that tell how sure a pair is, and rules that decide."""
