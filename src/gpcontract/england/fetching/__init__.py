"""Getting official files: whole, checked, resumed where a download stopped, politely."""
